import { describe, expect, it } from 'vitest';
import { makePlan } from '../../../functions/upgrade/plan/make-plan.ts';
import type { PlanDraft, PlanSubject } from '../../../functions/upgrade/plan/plan-subject.ts';
import { describePlan } from '../../../functions/upgrade/telling/plan-text.ts';
import { managedCluster, planSubject } from '../../support/plan-facts.ts';
import {
  buildCalendar,
  buildClusterFact,
  buildNode,
  buildNodeGroup,
  topicOf,
} from '../../support/upgrade-facts.ts';
import { buildPlan } from '../../support/upgrade-run.ts';

const plan = (subject: PlanSubject, target = '1.36'): PlanDraft => {
  const made = makePlan(subject, target);
  if (!made.ok) throw new Error(made.reason);
  return made.plan;
};
const CALENDAR = topicOf(
  ...buildCalendar(),
  ...buildCalendar()
    .filter(({ version }) => version === '1.36')
    .map((one) => ({ ...one, version: '1.37' })),
);
const template = { id: 'lt-1', name: 'blue', used: '4', newest: '5', default: '4', customAmi: true };

describe('a plan with a group that has an AMI of its own', () => {
  it('takes a launch template with an AMI of its own by its newest version', () => {
    const group = buildNodeGroup({ launchTemplate: template });
    const made = plan(planSubject(managedCluster({ nodeGroups: topicOf(group) })));
    expect(made.steps.at(-1)).toMatchObject({
      id: 'node-group/blue/1.36/template-5',
      launchTemplate: { id: 'lt-1', version: '5' },
    });
  });

  it('says of such a step that nothing tells which version its AMI has, and asks its owner for it', () => {
    const group = topicOf(buildNodeGroup({ launchTemplate: template }));
    const made = plan(planSubject(managedCluster({ nodeGroups: group })));
    expect(made.unchecked).toEqual([
      {
        subject: 'node group blue',
        reason:
          'whether version 5 of its launch template has an AMI for 1.36 cannot be seen from here: its owner has to ' +
          'provide it, and say so; what its nodes then run is checked behind the step',
      },
    ]);
    expect(describePlan({ ...buildPlan(), ...made })).toContainEqual(
      expect.stringMatching(/^Not checked: node group blue: whether version 5/),
    );
    expect(plan(planSubject(managedCluster())).unchecked).toEqual([]);
  });

  it.each<[what: string, kubelets: string[], isMoved: boolean]>([
    ['whose nodes are all behind moves', ['1.35', '1.35'], true],
    ['of whose nodes one is behind moves, whatever EKS keeps about it', ['1.36', '1.35'], true],
    ['whose nodes are there stays', ['1.36', '1.36'], false],
  ])('a group with an AMI of its own %s', (_, kubelets, isMoved) => {
    const nodes = kubelets.map((kubelet, at) =>
      buildNode({ name: `n-${at}`, origin: 'managed', group: 'blue', kubelet }),
    );
    const facts = managedCluster({
      cluster: topicOf(buildClusterFact({ version: '1.36' })),
      nodeGroups: topicOf(
        buildNodeGroup({ launchTemplate: template, version: '1.36' }),
        buildNodeGroup({ name: 'green' }),
      ),
      nodes: topicOf(...nodes),
    });
    const moved = plan(planSubject(facts)).steps.flatMap((step) =>
      step.kind === 'node-group' ? [step.nodeGroup] : [],
    );
    expect(moved).toEqual(isMoved ? ['blue', 'green'] : ['green']);
  });

  it('refuses such a group while nobody has made a version of its template', () => {
    const template = { id: 'lt-1', name: 'blue', used: '4', newest: '4', default: '4', customAmi: true };
    const group = buildNodeGroup({ launchTemplate: template });
    const made = plan(planSubject(managedCluster({ nodeGroups: topicOf(group) })));
    expect(made.refused).toMatchObject([
      {
        subject: 'node group blue',
        reason: expect.stringContaining('make a version of its launch template'),
      },
    ]);
    expect(made.steps.map(({ kind }) => kind)).not.toContain('node-group');
  });

  it('refuses a second minor for a template whose AMI is of the first', () => {
    const group = topicOf(buildNodeGroup({ launchTemplate: template }));
    const made = plan(planSubject(managedCluster({ versions: CALENDAR, nodeGroups: group })), '1.37');
    expect(made.steps.filter(({ kind }) => kind === 'node-group')).toHaveLength(1);
    expect(made.refused).toMatchObject([{ subject: 'node group blue' }]);
  });
});
