import type { Lock } from '../../records/lock.ts';
import type { ClusterFact, UpdateFact } from '../../records/upgrade/aws-facts.ts';
import type { GateOutcome, UpgradePlan } from '../../records/upgrade/plan.ts';
import type { UpgradeReport } from '../../records/upgrade/report.ts';
import { judgeWindow, type MaintenanceWindow } from '../../rules/maintenance-window.ts';
import type { PauseVerdict } from '../../rules/pausing.ts';
import { type ClusterBackup, judgeBackupGate } from './backup-gate.ts';
import { failGate, passGate } from './gate.ts';
import { judgePlanGate } from './plan-gate.ts';
import { judgeReportGate } from './report-gate.ts';
import { judgeUpdatesGate } from './updates-gate.ts';

/** What the gates in front of an upgrade look at. */
export interface GateFacts extends ClusterBackup {
  readonly plan: UpgradePlan;
  readonly cluster: Pick<ClusterFact, 'version'>;
  readonly updates: readonly UpdateFact[];
  readonly report: UpgradeReport | undefined;
  readonly backupMaxAgeHours: number;
  readonly window: MaintenanceWindow | undefined;
  readonly pause: PauseVerdict;
  readonly lock: Lock | undefined;
  readonly now: Date;
}

/** Every gate but the approval, each with its reason, also those that pass: the record says what was looked at. */
export const judgeGates = (facts: GateFacts): GateOutcome[] => {
  const { plan, now } = facts;
  return [
    judgePlanGate(plan, facts.cluster.version),
    judgeReportGate(plan, facts.report, now),
    judgeBackupGate(plan, facts, facts.backupMaxAgeHours, now),
    judgeWindowGate(facts.window, now),
    facts.pause.ok ? passGate('pause', 'nothing is paused') : failGate('pause', facts.pause.reason),
    judgeUpdatesGate(plan, facts.updates, facts.lock, now),
  ];
};

/**
 * A window that is shut now is no reason to turn somebody away: a plan is made and approved by day and carried out by
 * night. Each step waits for the window; one that never opens would be waited for in vain.
 */
const judgeWindowGate = (window: MaintenanceWindow | undefined, now: Date): GateOutcome => {
  const verdict = judgeWindow(window, now);
  if (verdict.open) {
    const until = verdict.closes ? ` until ${verdict.closes.toISOString()}` : ' at any time';
    return passGate('window', `steps may begin${until}`);
  }
  return verdict.opens
    ? passGate('window', `shut now: the first step waits until ${verdict.opens.toISOString()}`)
    : failGate('window', 'it does not open within the next two weeks');
};

/** The reasons of the gates that said no. */
export const reasonsOf = (gates: readonly GateOutcome[]): string[] =>
  gates.flatMap(({ gate, passed, reason }) => (passed ? [] : [`${gate}: ${reason}`]));
