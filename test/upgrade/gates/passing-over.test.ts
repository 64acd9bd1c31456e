import { describe, expect, it } from 'vitest';
import { makeRollbackPlan } from '../../../functions/upgrade/plan/make-rollback-plan.ts';
import { managedCluster, planSubject } from '../../support/plan-facts.ts';
import {
  buildClusterFact,
  buildNode,
  buildNodeGroup,
  buildUpdate,
  topicOf,
} from '../../support/upgrade-facts.ts';
import { buildFinding, buildReport } from '../../support/upgrade-report.ts';
import { buildPlan, buildRequest } from '../../support/upgrade-run.ts';
import { asking, gateOf } from './open-gates.ts';

describe('what is passed over', () => {
  const two = buildReport([
    buildFinding({ id: 'f-1' }),
    buildFinding({ id: 'f-2', subject: 'node group blue' }),
  ]);

  it('is each finding by its name, with who and why', () => {
    const overrides = [
      { finding: 'f-1', why: 'nobody uses it' },
      { finding: 'f-2', why: 'it is empty' },
    ];
    expect(gateOf('report', { report: two, plan: asking({ overrides }) })).toMatchObject({
      passed: true,
      override: { by: 'Ada', why: 'f-1: nobody uses it; f-2: it is empty' },
    });
  });

  it('is nothing that was not named', () => {
    const overrides = [{ finding: 'f-1', why: 'nobody uses it' }];
    const gate = gateOf('report', { report: two, plan: asking({ overrides }) });
    expect(gate).toMatchObject({ passed: false, reason: expect.stringMatching(/^node group blue/) });
  });

  it('is a missing backup, or one of another tool in its place', () => {
    const overrides = [{ finding: 'backup', why: 'an empty cluster' }];
    expect(gateOf('backup', { backup: undefined, plan: asking({ overrides }) })?.passed).toBe(true);
    const recoveryPoint = { name: 'arn:aws:backup:rp', takenAt: '2026-11-21T02:00:00.000Z' };
    expect(gateOf('backup', { backup: undefined, plan: asking({ recoveryPoint }) })).toMatchObject({
      passed: true,
      reason: 'the recovery point arn:aws:backup:rp, named by Ada, is 10 hours old',
    });
    const old = { ...recoveryPoint, takenAt: '2026-11-01T02:00:00.000Z' };
    expect(gateOf('backup', { backup: undefined, plan: asking({ recoveryPoint: old }) })?.passed).toBe(false);
  });

  it('are self-managed nodes, which a plan otherwise refuses to leave behind', () => {
    const own = planSubject(
      managedCluster({ nodes: topicOf(buildNode({ origin: 'self-managed', group: 'old' })) }),
    );
    expect(gateOf('plan', { plan: asking({}, own) })).toMatchObject({
      passed: false,
      reason: expect.stringMatching(
        /^self-managed nodes old: EKS has no call.*\(override: "self-managed nodes old"\)/,
      ),
    });
    const overrides = [{ finding: 'self-managed nodes old', why: 'Kim replaces them' }];
    expect(gateOf('plan', { plan: asking({ overrides }, own) })?.passed).toBe(true);
  });

  it('is an AMI that nothing can look into, on the word of whoever names its group', () => {
    const template = { id: 'lt-1', name: 'blue', used: '4', newest: '5', default: '4', customAmi: true };
    const group = topicOf(buildNodeGroup({ launchTemplate: template }));
    const own = planSubject(managedCluster({ nodeGroups: group }));
    expect(gateOf('plan', { plan: asking({}, own) })).toMatchObject({
      passed: false,
      reason: expect.stringMatching(/its owner has to provide it.*\(override: "node group blue"\)/),
    });
    const overrides = [{ finding: 'node group blue', why: 'version 5 has the AMI of 1.36' }];
    expect(gateOf('plan', { plan: asking({ overrides }, own) })?.passed).toBe(true);
    const external = planSubject(managedCluster({ nodeGroups: group }), { owner: 'external' });
    expect(gateOf('plan', { plan: asking({}, external) })?.passed).toBe(true);
  });

  it('a way back needs no report', () => {
    const made = makeRollbackPlan(
      planSubject(
        managedCluster({
          cluster: topicOf(buildClusterFact({ version: '1.36' })),
          updates: topicOf(
            buildUpdate({ params: { Version: '1.36' }, createdAt: '2026-11-20T02:00:00.000Z' }),
          ),
        }),
      ),
    );
    if (!made.ok) throw new Error(made.reason);
    const plan = { ...buildPlan(), ...made.plan, request: buildRequest({ rollback: true }) };
    expect(gateOf('report', { plan, report: undefined })?.passed).toBe(true);
  });
});
