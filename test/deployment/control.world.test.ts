import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { waitForNotices } from '../support/world/rollouts.ts';
import { runMachine } from '../support/world/run-machine.ts';
import { target, useWorld } from '../support/world/use-world.ts';
import { waitFor } from '../support/world/wait-for.ts';

const world = useWorld((host) => ({ web: target(host, 'web') }));

/** Starts the control machine as a person at the console does, and waits for its answer. */
const control = async (input: unknown): Promise<{ status: string | undefined; output: string }> => {
  const { executions, site } = world();
  const execution = await executions.start(site.machines.control, input);
  return waitFor('the control machine has ended', async () => {
    const { status, output = '' } = await executions.describe(execution);
    return status !== 'RUNNING' && { status, output };
  });
};

const sample = async (name: string): Promise<string> =>
  readFile(new URL(`../../events/deployment/set-control.${name}.json`, import.meta.url), 'utf8');

describe('the stop button', () => {
  it('holds back a push that comes while it is pressed, and resuming looks for it at once', async () => {
    const here = world();
    const first = await here.run('web', '1.0.0');
    const before = `${here.registry.host}/shop/web:1.0.0@${first.digest}`;
    const pause = await control(JSON.parse(await sample('pause-all')));
    expect(pause).toMatchObject({
      status: 'SUCCEEDED',
      output: expect.stringContaining('all is paused until'),
    });

    const pushed = await here.push('web', '1.1.0');
    const [decision] = await waitFor('the push is decided', async () => {
      const entries = (await here.history('web')).filter(({ tag }) => tag === '1.1.0');
      return entries.length > 0 && entries;
    });
    expect(decision).toMatchObject({ outcome: 'no', code: 'paused', reason: expect.stringContaining('kim') });
    expect(await here.image('web')).toBe(before);

    await control({ resume: 'all', by: 'kim', why: 'understood' });
    const after = `${here.registry.host}/shop/web:1.1.0@${pushed.digest}`;
    await waitFor('the sweep rolls it out', async () => (await here.image('web')) === after);
    // Its message is out before the tests below count messages.
    expect(await waitForNotices(here, 'web')).toMatchObject([{ outcome: 'rolled-out' }]);
  });

  it('a typo fails nothing and wakes nobody: the machine succeeds and says what to write', async () => {
    const told = (await world().notices()).length;
    const { status, output } = await control({ pause: 'target/wep', by: 'kim', why: 'a typo' });
    expect(status).toBe('SUCCEEDED');
    expect(output).toContain('There is no target/wep; write one of all, capability/deployment');
    const forms = await control({ paws: 'all' });
    expect(forms.status).toBe('SUCCEEDED');
    expect(forms.output).toContain('write one of');
    expect(await world().notices()).toHaveLength(told);
  });
});

describe('the other machines, started by hand with a slip,', () => {
  const order = async () =>
    JSON.parse(
      await readFile(new URL('../../events/deployment/apply-image.order.json', import.meta.url), 'utf8'),
    ).order;

  it.each([
    ['rollout', async () => ({})],
    ['rollout', async () => ({ order: { ...(await order()), confirmedAt: 'now' } })],
    ['deployment', async () => ({})],
    ['deployment', async () => ({ event: { image: 'web' } })],
  ] as const)('%s succeeds, says what is wrong, and wakes nobody', async (machine, input) => {
    const told = (await world().notices()).length;
    const { status, output } = await runMachine(world(), machine, await input());
    expect({ status, output }).toMatchObject({
      status: 'SUCCEEDED',
      output: expect.stringContaining('refused'),
    });
    expect(await world().notices()).toHaveLength(told);
  });
});
