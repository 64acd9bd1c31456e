import { describe, expect, it } from 'vitest';
import { CONTAINER_LOG_PREFIX, ContainerLog } from '../../functions/records/container-log.ts';
import { target, useWorld } from '../support/world/use-world.ts';
import { waitFor } from '../support/world/wait-for.ts';

const world = useWorld((host) => ({
  web: target(host, 'web'),
  api: target(host, 'api'),
  shy: target(host, 'shy', { mode: 'observe' }),
  two: target(host, 'two', { image: `${host}/shop/one` }),
  one: target(host, 'one'),
}));

const imageOf = (name: string, tag: string, { digest }: { digest: string }): string =>
  `${world().registry.host}/shop/${name}:${tag}@${digest}`;

describe('a real push to a real registry', () => {
  it('becomes a watched rollout, pinned by digest, told once and written down', async () => {
    const { run, push, image, state, notices } = world();
    await run('web', '1.0.0');
    const pushed = await push('web', '1.1.0');
    await waitFor('web runs 1.1.0', async () => (await image('web')) === imageOf('web', '1.1.0', pushed));
    await waitFor('the end is told', async () =>
      (await notices()).some(({ Subject }) => Subject.includes('web 1.1.0')),
    );
    expect((await state('web'))?.running).toMatchObject({ tag: '1.1.0', digest: pushed.digest });
    const told = (await notices()).filter(
      ({ MessageAttributes }) => MessageAttributes['target']?.Value === 'web',
    );
    expect(told.map(({ MessageAttributes }) => MessageAttributes['outcome']?.Value)).toEqual(['rolled-out']);
  });

  it('that crash loops is rolled back by digest, held, its logs kept; a fix lifts the hold', async () => {
    const { run, push, image, state, notices, ledger } = world();
    const good = await run('api', '1.0.0');
    const bad = await push('api', '1.1.0-crash');
    await waitFor('the rollback is told', async () =>
      (await notices()).some(
        ({ MessageAttributes }) => MessageAttributes['outcome']?.Value === 'rolled-back',
      ),
    );
    expect(await image('api')).toBe(imageOf('api', '1.0.0', good));
    expect((await state('api'))?.holds).toMatchObject([{ digest: bad.digest, tag: '1.1.0-crash' }]);
    const [log] = await ledger.records(ContainerLog, CONTAINER_LOG_PREFIX);
    expect(log?.logs[0]?.lines.length).toBeGreaterThan(0);

    const fix = await push('api', '1.1.1');
    await waitFor('api runs the fix', async () => (await image('api')) === imageOf('api', '1.1.1', fix));
    await waitFor('the hold is lifted', async () => (await state('api'))?.holds.length === 0);
  });

  it('one image goes to every target that follows it', async () => {
    const { run, push, image } = world();
    const first = await push('one', '1.0.0');
    await run('one', '1.0.0');
    await run('two', '1.0.0');
    const { apps, registry } = world();
    await apps.patchNamespacedDeployment({
      namespace: 'shop',
      name: 'two',
      body: [
        {
          op: 'replace',
          path: '/spec/template/spec/containers/0/image',
          value: `${registry.host}/shop/one:1.0.0@${first.digest}`,
        },
      ],
    });
    const wanted = imageOf('one', '2.0.0', await push('one', '2.0.0'));
    const images = await waitFor('both have changed', async () => {
      const now = await Promise.all([image('one'), image('two')]);
      return now.every((running) => running.includes(':2.')) && now;
    });
    expect(images).toEqual([wanted, wanted]);
  });

  it('an observing target says what it would do, and is left alone', async () => {
    const { run, push, image, history } = world();
    const first = await run('shy', '1.0.0');
    await push('shy', '1.1.0');
    const [decision] = await waitFor('the decision is written', async () => {
      const entries = (await history('shy')).filter(({ tag }) => tag === '1.1.0');
      return entries.length > 0 && entries;
    });
    expect(decision).toMatchObject({ outcome: 'no', code: 'observe' });
    expect(await image('shy')).toBe(imageOf('shy', '1.0.0', first));
  });
});
