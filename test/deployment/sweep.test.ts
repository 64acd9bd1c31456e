import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { openOutbox } from '../../functions/clients/outbox.ts';
import { run as applyImage } from '../../functions/deployment/apply-image.ts';
import { run as repair } from '../../functions/deployment/repair-records.ts';
import { endRollout } from '../../functions/deployment/rollout-end.ts';
import { run as setControl } from '../../functions/deployment/set-control.ts';
import { run as sweep } from '../../functions/deployment/sweep-repository.ts';
import type { NamedTarget } from '../../functions/deployment/target-assessment.ts';
import { deferralKey, deferralKind } from '../../functions/records/deferral.ts';
import { ImageEvent } from '../../functions/records/image-event.ts';
import { rolloutKey, rolloutKind, targetLock } from '../../functions/records/rollout.ts';
import { emptyTargetState, targetStateKey, targetStateKind } from '../../functions/records/target-state.ts';
import { TransientError } from '../../functions/runtime/errors.ts';
import { createFakeExecutions, createFakeNotifier } from '../support/target-events.ts';
import {
  buildExecution,
  buildOrder,
  buildTarget,
  calmInvocation,
  createTargetWorld,
} from '../support/target-world.ts';
import { DIGEST_A, DIGEST_B, DIGEST_C, IMAGE } from '../support/workload-builders.ts';

const TAGS: Readonly<Record<string, string>> = {
  '1.0.0': DIGEST_A,
  '1.1.0': DIGEST_B,
  '1.2.0': DIGEST_C,
  latest: DIGEST_C,
};

const createSweep = (overrides: Partial<NamedTarget> = {}, tags = TAGS) => {
  const world = createTargetWorld(buildTarget(overrides));
  const executions = createFakeExecutions();
  const notifier = createFakeNotifier();
  const registry = {
    async *listTags() {
      yield* Object.keys(tags);
    },
    headManifest: async (_repository: string, tag: string) => {
      const digest = tags[tag];
      return digest === undefined
        ? undefined
        : { digest, mediaType: 'application/vnd.oci.image.manifest.v1+json' };
    },
    describeManifest: async () => undefined,
  };
  const deps = {
    ...world.deps,
    executions,
    outbox: openOutbox(world.ledger, notifier, world.clock),
    findRegistry: async () => ({ registry, repository: 'shop/web' }),
    deploymentMachine: 'deployment-machine',
    rolloutMachine: 'rollout-machine',
  };
  const input = { image: IMAGE, execution: buildExecution('sweep-1') };
  return { ...world, executions, notifier, deps, sweep: () => sweep(input, deps, calmInvocation()) };
};

describe('sweep-repository', () => {
  it('starts a deployment of the tag that the policy picks and nobody announced', async () => {
    const world = createSweep();
    const { started } = await world.sweep();
    expect(world.executions.started).toMatchObject([
      {
        machine: 'deployment-machine',
        name: started[0],
        input: { event: { image: IMAGE, tag: '1.2.0', source: 'sweep' } },
      },
    ]);
  });

  it('starts nothing when the best tag runs', async () => {
    const world = createSweep();
    world.cluster.image = `${IMAGE}:1.2.0@${DIGEST_C}`;
    expect((await world.sweep()).started).toEqual([]);
  });

  it('passes over a digest on hold and takes the next best', async () => {
    const world = createSweep();
    const hold = {
      digest: DIGEST_C,
      tag: '1.2.0',
      since: '2026-03-01T10:00:00.000Z',
      why: 'crash',
      rollout: 'r',
    };
    await world.ledger.claim(targetStateKind, targetStateKey('web'), {
      ...emptyTargetState('web'),
      holds: [hold],
    });
    await world.sweep();
    expect(world.executions.started).toMatchObject([
      { input: { event: { tag: '1.1.0', digest: DIGEST_B } } },
    ]);
  });

  describe('after Drydock rolled 1.2.0 out and somebody set 1.0.0 by hand', () => {
    const changeByHand = async (tags = TAGS) => {
      const world = createSweep({}, tags);
      const order = buildOrder({ tag: '1.2.0', digest: DIGEST_C });
      const execution = buildExecution();
      await applyImage({ order, execution }, world.deps, calmInvocation());
      await endRollout({ order, execution, outcome: 'rolled-out', reasons: [] }, world.deps);
      world.cluster.image = `${IMAGE}:1.0.0@${DIGEST_A}`;
      return world;
    };

    it('the sweep neither undoes it nor takes what lies between', async () => {
      const world = await changeByHand();
      expect((await world.sweep()).started).toEqual([]);
    });

    it('a newer one is deployed', async () => {
      const world = await changeByHand({ ...TAGS, '1.3.0': `sha256:${'d'.repeat(64)}` });
      expect((await world.sweep()).started).toHaveLength(1);
      expect(world.executions.started).toMatchObject([{ input: { event: { tag: '1.3.0' } } }]);
    });

    it('what was taken away comes back once somebody lifts that', async () => {
      const world = await changeByHand();
      const knownScopes = ['target/web'];
      const input = { liftHold: { target: 'web' }, by: 'ann', why: 'it was the database' };
      expect(await setControl(input, { ...world.deps, knownScopes })).toMatchObject({ outcome: 'lifted' });
      expect((await world.sweep()).started).toHaveLength(1);
    });
  });

  it('follows one tag to its new digest', async () => {
    const world = createSweep({ policy: { type: 'digest', tag: 'latest' } });
    world.cluster.image = `${IMAGE}:latest@${DIGEST_A}`;
    await world.sweep();
    expect(world.executions.started).toMatchObject([
      { input: { event: { tag: 'latest', digest: DIGEST_C } } },
    ]);
  });

  it('does not start what is being rolled out', async () => {
    const world = createSweep();
    const order = buildOrder({ tag: '1.2.0', digest: DIGEST_C });
    await applyImage({ order, execution: buildExecution() }, world.deps, calmInvocation());
    world.cluster.image = `${IMAGE}:1.0.0@${DIGEST_A}`;
    expect((await world.sweep()).started).toEqual([]);
  });

  it('a cluster that does not answer hides no target of another, and is named', async () => {
    const world = createSweep();
    const staging = buildTarget({ name: 'web-staging', environment: 'staging' });
    const cluster = async (environment: string) => {
      if (environment === 'production') return world.cluster;
      throw new TransientError('kubernetes.unreachable', 'staging does not answer');
    };
    const deps = { ...world.deps, cluster, findTargets: () => [staging, world.target] };
    const input = { image: IMAGE, execution: buildExecution('sweep-1') };
    const answer = await sweep(input, deps, calmInvocation());
    expect(answer).toMatchObject({ notChecked: ['web-staging'] });
    expect(answer.started).toHaveLength(1);
    const alone = { ...deps, findTargets: () => [staging] };
    await expect(sweep(input, alone, calmInvocation())).rejects.toThrow('staging does not answer');
  });

  it('a tag of the longest kind makes an event that is taken', async () => {
    const tag = `1.2.0-${'x'.repeat(122)}`;
    const world = createSweep(
      { policy: { type: 'semver', range: '>=1.0.0-0', allowDowngrade: false } },
      { [tag]: `sha512:${'a'.repeat(128)}` },
    );
    await world.sweep();
    const { event } = z.object({ event: ImageEvent }).parse(world.executions.started[0]?.input);
    expect(event.tag).toBe(tag);
  });

  it('an observing target starts nothing', async () => {
    expect((await createSweep({ mode: 'observe' }).sweep()).started).toEqual([]);
  });
});

const EVENT: ImageEvent = {
  version: 1,
  id: 'event-1',
  source: 'gitlab',
  kind: 'push',
  image: IMAGE,
  tag: '1.1.0',
  receivedAt: '2026-03-01T11:00:00.000Z',
};

describe('repair-records', () => {
  const nothing = { attempted: 0, published: 0, ended: 0, freed: 0 };
  const run = (world: ReturnType<typeof createSweep>) =>
    repair({ execution: buildExecution('sweep-1') }, world.deps, calmInvocation());

  it('finds nothing to do in a quiet ledger', async () => {
    expect(await run(createSweep())).toEqual(nothing);
  });

  it.each([
    ['due', '2026-03-01T11:59:00.000Z', 1],
    ['not due', '2026-03-01T12:30:00.000Z', 0],
  ])('a deferred event that is %s is tried %s: %i time(s)', async (_, nextAttemptAt, times) => {
    const world = createSweep();
    const deferral = {
      version: 1 as const,
      event: EVENT,
      attempts: 1,
      execution: 'deployment-1',
      reason: 'registry down',
      firstAt: '2026-03-01T11:00:00.000Z',
      nextAttemptAt,
    };
    await world.ledger.claim(deferralKind, deferralKey(EVENT), deferral);
    expect(await run(world)).toEqual({ ...nothing, attempted: times });
    await run(world);
    expect(world.executions.started).toHaveLength(times);
  });

  it('ends a rollout whose execution has ended, and tells a person', async () => {
    const world = createSweep();
    await applyImage({ order: buildOrder(), execution: buildExecution() }, world.deps, calmInvocation());
    const stoppedAt = new Date('2026-03-01T11:50:00.000Z');
    world.executions.states.set(buildExecution().arn, {
      status: 'aborted',
      startedAt: undefined,
      stoppedAt,
      output: undefined,
      error: undefined,
      cause: undefined,
    });
    expect(await run(world)).toEqual({ ...nothing, ended: 1 });
    expect((await world.ledger.read(rolloutKind, rolloutKey('rollout-1')))?.value.outcome).toBe('aborted');
    expect(world.notifier.published).toMatchObject([{ outcome: 'aborted', severity: 'critical' }]);
    expect((await world.deps.locks.acquire(targetLock('web'), 'next')).ok).toBe(true);
  });

  it.each([
    ['runs', 'running', undefined],
    [
      'ended a moment ago, so that its own clean-up may be under way',
      'failed',
      new Date('2026-03-01T11:59:50.000Z'),
    ],
  ] as const)('leaves a rollout whose execution %s', async (_, status, stoppedAt) => {
    const world = createSweep();
    await applyImage({ order: buildOrder(), execution: buildExecution() }, world.deps, calmInvocation());
    const rest = { startedAt: undefined, output: undefined, error: undefined, cause: undefined };
    world.executions.states.set(buildExecution().arn, { status, stoppedAt, ...rest });
    expect(await run(world)).toEqual(nothing);
  });

  it('frees the lock of an owner that ended before it wrote anything, and what it noted as under way', async () => {
    const world = createSweep();
    const { arn, name } = buildExecution('rollout-9');
    await world.deps.locks.acquire(targetLock('web'), arn);
    await world.ledger.claim(targetStateKind, targetStateKey('web'), {
      ...emptyTargetState('web'),
      rolling: { rollout: name, digest: DIGEST_C },
      desired: buildOrder({ name: 'rollout-10' }),
    });
    expect((await world.sweep()).started).toEqual([]);
    expect(await run(world)).toEqual({ ...nothing, freed: 1 });
    expect((await world.state())?.rolling).toBeUndefined();
    expect(world.executions.started).toMatchObject([
      { machine: 'rollout-machine', input: { order: { target: 'web', tag: '1.1.0' } } },
    ]);
    expect((await world.sweep()).started).toHaveLength(1);
  });

  it('an attempt that died without a word counts, so that the next one has a name of its own', async () => {
    const world = createSweep();
    const deferral = {
      version: 1 as const,
      event: EVENT,
      attempts: 1,
      execution: 'deployment-1',
      reason: 'registry down',
      firstAt: '2026-03-01T11:00:00.000Z',
      nextAttemptAt: '2026-03-01T11:59:00.000Z',
    };
    await world.ledger.claim(deferralKind, deferralKey(EVENT), deferral);
    await run(world);
    await run(world);
    expect((await world.ledger.read(deferralKind, deferralKey(EVENT)))?.value).toMatchObject({
      attempts: 2,
      execution: world.executions.started[0]?.name,
    });
    world.clock.advance(3_600_000);
    await run(world);
    expect(new Set(world.executions.started.map(({ name }) => name)).size).toBe(2);
  });

  it('a record that cannot be read hides no other, and is reported', async () => {
    const world = createSweep();
    const odd = { name: 'something else', schema: z.object({ odd: z.boolean() }) };
    await world.ledger.claim(odd, deferralKey({ ...EVENT, id: 'a' }), { odd: true });
    await world.deps.locks.acquire(targetLock('web'), 'arn:of:nobody');
    await expect(run(world)).rejects.toMatchObject({ code: 'ledger.unreadable' });
    expect((await world.deps.locks.acquire(targetLock('web'), 'next')).ok).toBe(true);
  });
});
