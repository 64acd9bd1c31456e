import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../functions/records/upgrade/finding.ts';
import type { GateOutcome } from '../../../functions/records/upgrade/plan.ts';
import type { UpgradeReport } from '../../../functions/records/upgrade/report.ts';
import type { UpgradeRequest } from '../../../functions/records/upgrade/request.ts';
import { type GateFacts, judgeGates, reasonsOf } from '../../../functions/upgrade/gates/judge-gates.ts';
import { makeRollbackPlan } from '../../../functions/upgrade/plan/make-rollback-plan.ts';
import { managedCluster, planSubject } from '../../support/plan-facts.ts';
import { buildExecution } from '../../support/target-world.ts';
import {
  buildClusterFact,
  buildNode,
  buildUpdate,
  CHECK_TIME,
  topicOf,
} from '../../support/upgrade-facts.ts';
import { buildPlan, buildRequest } from '../../support/upgrade-run.ts';

const finding = (changes: Partial<Finding> = {}): Finding => ({
  id: 'f-1',
  check: 'removed-apis',
  title: 'No object uses an API that is removed',
  result: 'block',
  subject: 'Deployment shop/web',
  step: '1.36',
  message: 'It goes.',
  remedy: { text: 'Change it.' },
  evidence: [],
  ...changes,
});

const report = (findings: Finding[] = [], changes: Partial<UpgradeReport> = {}): UpgradeReport => ({
  version: 1,
  cluster: 'gitlab',
  environments: ['production'],
  region: 'eu-central-1',
  at: '2026-11-21T05:00:00.000Z',
  current: '1.35',
  target: '1.36',
  steps: ['1.36'],
  verdict: 'clean',
  support: {
    source: 'eks',
    state: 'standard',
    supportType: 'EXTENDED',
    cost: { surchargePerHour: 0.5, perMonth: 365, perYear: 4_380, soFar: 0, untilForced: 0 },
    calendar: [],
  },
  checks: [],
  findings,
  counts: { block: 0, warn: 0, notChecked: 0, ignored: 0, pass: 0 },
  outlook: [],
  ...changes,
});

const backup = {
  version: 1 as const,
  environment: 'production',
  set: 'set-9',
  takenAt: '2026-11-21T01:00:00.000Z',
  verifiedAt: '2026-11-21T03:00:00.000Z',
  by: 'drydock',
};

/** All gates stand open. */
const open = (changes: Partial<GateFacts> = {}): GateFacts => ({
  plan: buildPlan(),
  cluster: { version: '1.35' },
  updates: [],
  report: report(),
  backup,
  backupMaxAgeHours: 24,
  window: undefined,
  pause: { ok: true },
  lock: undefined,
  now: CHECK_TIME,
  ...changes,
});
const asking = (request: Partial<UpgradeRequest>, subject = planSubject()) =>
  buildPlan(subject, '1.36', request);
const gateOf = (name: GateOutcome['gate'], facts: Partial<GateFacts>) =>
  judgeGates(open(facts)).find(({ gate }) => gate === name);
const window = { days: ['sat' as const], from: '22:00', to: '23:00', timeZone: 'UTC' };
const lock = (owner: string, expiresAt: string) => ({
  version: 1 as const,
  name: 'upgrade/gitlab',
  owner,
  token: 3,
  acquiredAt: '2026-11-21T11:00:00.000Z',
  expiresAt,
});
const running = (changes = {}) =>
  buildUpdate({ id: 'u-1', status: 'InProgress', params: { Version: '1.36' }, ...changes });

describe('the gates of an upgrade', () => {
  it('all pass, each with a reason of its own', () => {
    const gates = judgeGates(open());
    expect(reasonsOf(gates)).toEqual([]);
    expect(gates.map(({ gate }) => gate)).toEqual(['plan', 'report', 'backup', 'window', 'pause', 'updates']);
    expect(new Set(gates.map(({ reason }) => reason)).size).toBe(gates.length);
  });

  it.each<[string, GateOutcome['gate'], Partial<GateFacts>, boolean, RegExp]>([
    [
      'a cluster that was moved since',
      'plan',
      { cluster: { version: '1.36' } },
      false,
      /begins at 1.35, and the cluster is at 1.36/,
    ],
    ['no report', 'report', { report: undefined }, false, /never checked: start upgrade-check first/],
    [
      'a report of 27 hours',
      'report',
      { report: report([], { at: '2026-11-20T09:00:00.000Z' }) },
      false,
      /is 27 hours old/,
    ],
    [
      'a report of 26 hours',
      'report',
      { report: report([], { at: '2026-11-20T10:00:00.000Z' }) },
      true,
      /no block/,
    ],
    [
      'a report about another version',
      'report',
      { report: report([], { current: '1.34' }) },
      false,
      /is about 1.34/,
    ],
    [
      'a report that looks less far',
      'report',
      { report: report([], { target: '1.35' }) },
      false,
      /looks up to 1.35/,
    ],
    [
      'a block on the way',
      'report',
      { report: report([finding()]) },
      false,
      /Deployment shop\/web: No object .* \(override: "f-1"\)/,
    ],
    [
      'a block beyond the target',
      'report',
      { report: report([finding({ step: '1.37' })]) },
      true,
      /no block up to 1.36/,
    ],
    [
      'a block that is ignored',
      'report',
      { report: report([finding({ ignored: { reason: 'x', expires: '2027-01-01' } })]) },
      true,
      /no block/,
    ],
    ['a warning', 'report', { report: report([finding({ result: 'warn' })]) }, true, /no block/],
    [
      'something not checked',
      'report',
      { report: report([finding({ result: 'not-checked' })]) },
      true,
      /; 1 things on it could not be checked/,
    ],
    [
      'no backup',
      'backup',
      { backup: undefined },
      false,
      /there is no verified backup.*\(override: "backup"\)/,
    ],
    [
      'a backup of 25 hours',
      'backup',
      { backup: { ...backup, takenAt: '2026-11-20T11:00:00.000Z' } },
      false,
      /is 25 hours old, and 24 are allowed/,
    ],
    [
      'a backup of tomorrow',
      'backup',
      { backup: { ...backup, takenAt: '2026-11-22T11:00:00.000Z' } },
      false,
      /yet to come/,
    ],
    ['a shut window', 'window', { window }, true, /shut now: the first step waits until 2026-11-21T22:00/],
    [
      'an open window',
      'window',
      { window, now: new Date('2026-11-21T22:30:00Z') },
      true,
      /until 2026-11-21T23:00/,
    ],
    ['a window that never opens', 'window', { window: { ...window, days: [] } }, false, /does not open/],
    [
      'somebody else at work',
      'updates',
      { updates: [running({ about: 'coredns', type: 'AddonUpdate' })] },
      false,
      /somebody else updates coredns: AddonUpdate u-1/,
    ],
    [
      'an unknown status',
      'updates',
      { updates: [running({ params: {}, status: 'Odd' })] },
      false,
      /somebody else updates the cluster/,
    ],
    [
      'its own update, left by another execution',
      'updates',
      { updates: [running()] },
      true,
      /is what this plan asks for/,
    ],
    [
      'nodes that move before the bake',
      'updates',
      { updates: [running({ about: 'blue' })] },
      false,
      /somebody else updates blue/,
    ],
    [
      'another execution',
      'updates',
      { lock: lock('arn:other', '2026-11-21T12:05:00.000Z') },
      false,
      /another execution .* arn:other/,
    ],
    [
      'an execution that died',
      'updates',
      { lock: lock('arn:other', '2026-11-21T11:55:00.000Z') },
      true,
      /no update/,
    ],
    [
      'its own lock',
      'updates',
      { lock: lock(buildExecution('upgrade-1').arn, '2026-11-21T12:05:00.000Z') },
      true,
      /no update/,
    ],
  ])('%s: %s', (_, name, facts, passed, reason) => {
    expect(gateOf(name, facts)).toMatchObject({ passed, reason: expect.stringMatching(reason) });
  });

  it('a pause shuts one, and says who pressed it', () => {
    const pause = {
      version: 1 as const,
      scope: 'all',
      paused: true,
      by: 'Kim',
      why: 'x',
      since: '2026-11-21T10:00:00.000Z',
    };
    const gate = gateOf('pause', { pause: { ok: false, pause, reason: 'paused (all) by Kim' } });
    expect(gate).toEqual({ gate: 'pause', passed: false, reason: 'paused (all) by Kim' });
  });
});

describe('what is passed over', () => {
  const two = report([finding(), finding({ id: 'f-2', subject: 'node group blue' })]);

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
