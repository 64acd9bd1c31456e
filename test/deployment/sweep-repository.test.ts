import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { run as applyImage } from '../../functions/deployment/apply-image.ts';
import { endRollout } from '../../functions/deployment/rollout-end.ts';
import { run as setControl } from '../../functions/deployment/set-control.ts';
import { run as sweep } from '../../functions/deployment/sweep-repository.ts';
import { ImageEvent } from '../../functions/records/image-event.ts';
import { TransientError } from '../../functions/runtime/errors.ts';
import { buildExecution, buildOrder, buildTarget, calmInvocation } from '../support/target-world.ts';
import { DIGEST_A, DIGEST_B, DIGEST_C, IMAGE } from '../support/workload-builders.ts';

import { createSweep, TAGS } from './sweep-world.ts';

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
    await world.hold(DIGEST_C, '1.2.0');
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
