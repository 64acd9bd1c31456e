import { describe, expect, it } from 'vitest';
import { Input as Control } from '../../functions/deployment/set-control.contract.ts';
import { targetHistoryPrefix } from '../../functions/records/decision.ts';
import { buildOrder } from '../support/target-world.ts';
import { CONTROL, createSites, useDrydockYaml } from '../support/why-sites.ts';
import { DIGEST_A, DIGEST_B, DIGEST_C, IMAGE } from '../support/workload-builders.ts';

useDrydockYaml();

describe('why <target>', () => {
  it('prints what was decided, newest first, and nothing that merely confirmed an event', async () => {
    const world = createSites();
    await world.decide('20', { outcome: 'no', reason: '1.1.0 is outside ^2' });
    await world.decide('21', { outcome: 'rolled-out', reason: '' });
    await world.event('21', 'confirmed', 'as the event said');
    await world.event('22', 'deferred', 'the registry is down; next attempt at noon', '1.2.0');
    const { output, exitCode } = await world.why('web');
    expect(exitCode).toBe(0);
    expect(output).toBe(`web
  target   Deployment shop/web in production, mode act
  follows  ${IMAGE} by {"type":"semver","range":"^1.0.0","allowDowngrade":false}
  running  nothing that Drydock has rolled out yet

TIME                  TARGET   OUTCOME     TAG    REASON
2026-02-22 07:59:01Z  (event)  deferred    1.2.0  the registry is down; next attempt at noon
2026-02-21 08:00:01Z  web      rolled-out  1.1.0
2026-02-20 08:00:01Z  web      no          1.1.0  1.1.0 is outside ^2`);
  });

  it('says what it runs, rolls out and waits for, and gives commands that lift holds and end the pause', async () => {
    const world = createSites();
    const since = '2026-03-01T10:00:00.000Z';
    await world.hold({
      running: { image: IMAGE, tag: '1.0.0', digest: DIGEST_A, since, rollout: 'r' },
      rolling: { rollout: 'rollout-9', digest: DIGEST_B },
      desired: buildOrder({ tag: '1.3.0', digest: DIGEST_C }),
      holds: [{ digest: DIGEST_B, tag: '1.1.0', since, why: 'CrashLoopBackOff', rollout: 'r' }],
    });
    await world.pause({ scope: 'environment/production' });
    const { output } = await world.why('web');
    for (const says of [
      `running      1.0.0 ${DIGEST_A} since ${since}`,
      `rolling out  ${DIGEST_B} (execution rollout-9)`,
      `waiting      1.3.0 ${DIGEST_C}`,
      `on hold      1.1.0 ${DIGEST_B} since ${since}: CrashLoopBackOff`,
      'paused       environment/production by kim since 2026-03-01T09:00:00.000Z without end: incident 7',
    ])
      expect(output).toContain(says);
    const inputs = [
      ...output.replaceAll(/\n +/g, ' ').matchAll(/--state-machine-arn (\S+) --input '([^']+)'/g),
    ];
    expect(inputs.map(([, machine]) => machine)).toEqual([CONTROL, CONTROL]);
    expect(inputs.map(([, , json = '']) => Control.parse(JSON.parse(json)))).toMatchObject([
      { liftHold: { target: 'web', digest: DIGEST_B } },
      { resume: 'environment/production' },
    ]);
  });

  it('a pause that ended or covers something else is not shown', async () => {
    const world = createSites();
    await world.hold({});
    await world.pause({ until: '2026-03-01T11:00:00.000Z' });
    await world.pause({ scope: 'target/api' });
    expect((await world.why('web')).output).not.toContain('paused');
  });

  it('looks back as far as it is told', async () => {
    const world = createSites();
    await world.decide('10', { outcome: 'no', reason: 'long ago' });
    expect(await world.why('web')).toMatchObject({
      exitCode: 1,
      output: expect.stringContaining('--since 90d'),
    });
    expect(await world.why('web', '--since', '30d')).toMatchObject({
      exitCode: 0,
      output: expect.stringContaining('long ago'),
    });
    expect((await world.why('web', '--since', '2026-02-10T00:00:00Z')).exitCode).toBe(0);
    expect((await world.why('web', '--since', '2026-02-11T00:00:00Z')).exitCode).toBe(1);
  });

  it('knows a target that drydock.yaml no longer has by its history', async () => {
    const world = createSites();
    await world.decide('20', { outcome: 'no', reason: 'not wanted' }, 'old');
    const { output, exitCode } = await world.why('old');
    expect(exitCode).toBe(0);
    expect(output).toContain('old is not in drydock.yaml (any more)');
    expect(output).toContain('not wanted');
  });

  it('an entry that this release does not read hides no other', async () => {
    const world = createSites();
    await world.decide('20', { outcome: 'no', reason: 'outside ^2' });
    const kind = { name: 'entry of a later release', schema: Control };
    const key = `${targetHistoryPrefix('web')}2026-02-21T08:00:00.000Z-later.json`;
    await world.main.claim(kind, key, { resume: 'all', by: 'kim', why: 'x' });
    const { output } = await world.why('web');
    expect(output).toContain('outside ^2');
    expect(output).toMatch(
      /2026-02-21 08:00:00Z +\(event\) +unreadable .*not of a version this release reads/,
    );
  });
});

describe('why <image>', () => {
  it('prints the events and what its targets made of them', async () => {
    const world = createSites();
    await world.event('20', 'confirmed', 'as the event said');
    await world.decide('20', { outcome: 'deploy', reason: 'wanted' });
    expect((await world.why(IMAGE)).output).toBe(`TIME                  TARGET   OUTCOME    TAG    REASON
2026-02-20 08:00:01Z  web      deploy     1.1.0  wanted
2026-02-20 07:59:01Z  (event)  confirmed  1.1.0  as the event said`);
  });

  it('with a tag or a digest prints only what concerns that one', async () => {
    const world = createSites();
    await world.decide('20', { outcome: 'deploy', reason: 'about one', tag: '1.1.0' });
    await world.decide('21', { outcome: 'deploy', reason: 'about two', tag: '1.2.0' });
    const { output } = await world.why(`${IMAGE}:1.2.0`);
    expect(output).toContain('about two');
    expect(output).not.toContain('about one');
    expect((await world.why(`${IMAGE}@${DIGEST_C}`)).exitCode).toBe(1);
  });
});
