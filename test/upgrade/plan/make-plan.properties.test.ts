import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { minorNumber, shiftMinor } from '../../../functions/records/kubernetes-version.ts';
import type { PlanStep } from '../../../functions/records/upgrade/plan.ts';
import { addonMinor } from '../../../functions/upgrade/plan/addon-version.ts';
import { makePlan } from '../../../functions/upgrade/plan/make-plan.ts';
import { counterexample } from '../../support/counterexample.ts';
import { managedCluster, planSubject } from '../../support/plan-facts.ts';
import { buildClusterFact, buildNode, buildNodeGroup, topicOf } from '../../support/upgrade-facts.ts';

type Of<A> = A extends fc.Arbitrary<infer T> ? T : never;

const minors = ['1.33', '1.34', '1.35', '1.36', '1.37', '1.38'];

const versions = topicOf(
  ...minors.map((version) => ({
    version,
    status: 'standard' as const,
    isDefault: false,
    standardEnds: '2027-01-01',
    extendedEnds: '2028-01-01',
    source: 'eks' as const,
  })),
);

/** An add-on of up to eight minors, each offered for a run of minors of the cluster. */
const addons = fc.uniqueArray(
  fc.record({
    name: fc.constantFrom('vpc-cni', 'coredns', 'kube-proxy', 'aws-ebs-csi-driver'),
    now: fc.integer({ min: 0, max: 7 }),
    runs: fc.array(fc.tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 1, max: 4 })), {
      minLength: 8,
      maxLength: 8,
    }),
  }),
  { selector: ({ name }) => name },
);

const buildAddons = (given: Of<typeof addons>) =>
  given.map(({ name, now, runs }) => ({
    name,
    version: `v1.${10 + now}.0-eksbuild.1`,
    status: 'ACTIVE',
    issues: [],
    offered: runs.map(([first, length], index) => ({
      version: `v1.${10 + index}.0-eksbuild.1`,
      clusters: minors.slice(first, first + length),
      defaultFor: minors.slice(first, first + 1),
    })),
  }));

const clusters = fc
  .record({
    from: fc.integer({ min: 0, max: 4 }),
    way: fc.integer({ min: 0, max: 5 }),
    lag: fc.integer({ min: 0, max: 2 }),
    bakeHours: fc.constantFrom(0, 1, 24),
    origin: fc.constantFrom('managed', 'karpenter', 'auto', 'self-managed'),
    addons,
  })
  .map(({ from, way, lag, bakeHours, origin, addons: given }) => {
    const current = minors[from] ?? '1.33';
    const facts = managedCluster({
      versions,
      cluster: topicOf(buildClusterFact({ version: current })),
      addons: topicOf(...buildAddons(given)),
      nodeGroups: topicOf(buildNodeGroup({ version: shiftMinor(current, -lag) })),
      nodes: topicOf(buildNode({ origin, kubelet: current })),
    });
    return { current, subject: planSubject(facts, { bakeHours }), target: shiftMinor(current, way) };
  });

/** For every plan that can be made of any cluster. */
const always = (holds: (steps: readonly PlanStep[], way: { current: string; target: string }) => boolean) =>
  counterexample(
    fc.property(clusters, ({ subject, target, current }) => {
      const made = makePlan(subject, target);
      return !made.ok || holds(made.plan.steps, { current, target });
    }),
    400,
  );

const controlPlane = (steps: readonly PlanStep[]) => steps.filter(({ kind }) => kind === 'control-plane');

describe('every plan', () => {
  it('moves the control plane by one minor each, without a gap, to the target', () => {
    const found = always((steps, { current, target }) => {
      const moved = controlPlane(steps).map(({ minor }) => minorNumber(minor));
      const wanted = minorNumber(target) - minorNumber(current);
      return (
        moved.length === wanted && moved.every((minor, index) => minor === minorNumber(current) + index + 1)
      );
    });
    expect(found).toBeUndefined();
  });

  it('moves no node to a minor that the control plane has not reached, nor before its bake', () => {
    const found = always((steps, { current }) =>
      steps.every((step, index) => {
        if (step.kind !== 'node-group' && step.kind !== 'watch-nodes') return true;
        const before = steps.slice(0, index);
        const after = steps.slice(index);
        const reached = controlPlane(before).at(-1)?.minor ?? current;
        return step.to === reached && !after.some(({ kind, minor }) => kind === 'bake' && minor === step.to);
      }),
    );
    expect(found).toBeUndefined();
  });

  it('moves each add-on one minor of it at a time, only up, and each from where the last step left it', () => {
    const found = always((steps) => {
      const at = new Map<string, string>();
      return steps.every((step) => {
        if (step.kind !== 'addon') return true;
        const [from, to] = [addonMinor(step.from) ?? 0, addonMinor(step.to) ?? 0];
        const isJoined = (at.get(step.addon) ?? step.from) === step.from;
        at.set(step.addon, step.to);
        return isJoined && to > from;
      });
    });
    expect(found).toBeUndefined();
  });

  it('names each step once', () => {
    expect(always((steps) => new Set(steps.map(({ id }) => id)).size === steps.length)).toBeUndefined();
  });

  it('moves kube-proxy behind the nodes of its minor', () => {
    const found = always((steps) =>
      steps.every(
        (step, index) =>
          step.kind !== 'addon' ||
          step.addon !== 'kube-proxy' ||
          !controlPlane(steps.slice(0, index)).some(({ minor }) => minor === step.minor) ||
          !steps.slice(index).some(({ kind, minor }) => kind === 'node-group' && minor === step.minor),
      ),
    );
    expect(found).toBeUndefined();
  });

  it('refuses a target below the present version', () => {
    const found = counterexample(
      fc.property(clusters, fc.integer({ min: 1, max: 3 }), ({ subject, current }, by) => {
        const made = makePlan(subject, shiftMinor(current, -by));
        return !made.ok && made.outcome === 'refused';
      }),
    );
    expect(found).toBeUndefined();
  });
});
