import { describe, expect, it } from 'vitest';
import type { NodeFact } from '../../../functions/records/upgrade/kubernetes-facts.ts';
import type { Observed } from '../../../functions/upgrade/plan/step-progress.ts';
import { managedCluster, planSubject } from '../../support/plan-facts.ts';
import {
  buildClusterFact,
  buildNode,
  buildNodeGroup,
  buildUpdate,
  topicOf,
} from '../../support/upgrade-facts.ts';
import { buildPlan, buildRun, observe } from '../../support/upgrade-run.ts';
import { at, decide, goOn } from './run-at-work.ts';

const template = { id: 'lt-1', name: 'blue', used: '4', newest: '5', default: '4', customAmi: true };
const groupAt = (used: string) => buildNodeGroup({ launchTemplate: { ...template, used } });
const plan = buildPlan(planSubject(managedCluster({ nodeGroups: topicOf(groupAt('4')) }), { bakeHours: 0 }));
const STEP = 'node-group/blue/1.36/template-5';
const moved = buildUpdate({ id: 'u-9', about: 'blue', params: { LaunchTemplateVersion: '5' } });

/** The control plane is there, and the group runs this version of its template. */
const seen = (
  used: string,
  kubelets: NodeFact['kubelet'][] | undefined,
  updates: Observed['updates'] = [],
): Observed =>
  observe({
    cluster: buildClusterFact({ version: '1.36' }),
    nodeGroups: [groupAt(used)],
    updates,
    ...(kubelets && {
      nodes: kubelets.map((kubelet, index) =>
        buildNode({ name: `n-${index}`, origin: 'managed', group: 'blue', kubelet }),
      ),
    }),
  });
/** A run in which Drydock has moved the group. */
const moving = goOn(buildRun(plan), seen('4', ['1.35'], [{ ...moved, status: 'InProgress' }]));

describe('a group that is moved by a launch template with an AMI of its own', () => {
  it('is moved when the control plane is there', () => {
    expect(decide(buildRun(plan), seen('4', ['1.35'])).said).toBe(`start ${STEP}`);
    expect(moving.steps.find(({ id }) => id === STEP)).toMatchObject({ state: 'running', update: 'u-9' });
  });

  it('is done when its nodes run the version', () => {
    expect(decide(moving, seen('5', ['1.36', '1.36'], [moved])).said).toBe('done');
  });

  it.each<[string, NodeFact['kubelet'][] | undefined, RegExp]>([
    [
      'its nodes run the version of before',
      ['1.36', '1.35'],
      /^stopped: 1 nodes of blue run 1.35 and not 1.36 \(n-1\): version 5 .* has no AMI for 1.36, and its owner has to make one/,
    ],
    [
      'its nodes run a newer one than the control plane',
      ['1.37'],
      /^stopped: 1 nodes of blue run 1.37 and not 1.36/,
    ],
    ['a node does not say', [undefined], /^stopped: 1 nodes of blue run an unknown version/],
    ['its nodes cannot be read', undefined, /^stopped: what the nodes of blue run could not be read/],
  ])('is never done when %s, whatever EKS says of the update', (_, kubelets, reason) => {
    const observed = seen('5', kubelets, [moved]);
    expect(decide(moving, observed, { now: at(0.5) }).said).toMatch(/^wait 30: waits for EKS to show/);
    expect(decide(moving, observed, { now: at(5) }).said).toMatch(reason);
  });

  it('that somebody else has moved is judged by its nodes too, and not moved again', () => {
    const wrong = seen('5', ['1.35']);
    expect(decide(buildRun(plan), wrong).said).toMatch(/^wait 30/);
    expect(decide(goOn(buildRun(plan), wrong), wrong, { now: at(5) }).said).toMatch(
      /^stopped: 1 nodes of blue run 1.35/,
    );
    expect(decide(buildRun(plan), seen('5', ['1.36'])).said).toBe('done');
  });

  it('whose update does not show is not blamed on the AMI', () => {
    expect(decide(moving, seen('4', ['1.35'], [moved]), { now: at(5) }).said).toMatch(
      /^stopped: EKS calls the update u-9 successful, and it does not show/,
    );
  });
});
