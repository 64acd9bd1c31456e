import type { GateOutcome } from '../../../functions/records/upgrade/plan.ts';
import type { UpgradeRequest } from '../../../functions/records/upgrade/request.ts';
import { type GateFacts, judgeGates } from '../../../functions/upgrade/gates/judge-gates.ts';
import { planSubject } from '../../support/plan-facts.ts';
import { buildUpdate, CHECK_TIME } from '../../support/upgrade-facts.ts';
import { buildReport } from '../../support/upgrade-report.ts';
import { buildPlan } from '../../support/upgrade-run.ts';

export const backup = {
  version: 1 as const,
  environment: 'production',
  set: 'set-9',
  takenAt: '2026-11-21T01:00:00.000Z',
  verifiedAt: '2026-11-21T03:00:00.000Z',
  by: 'drydock',
};

/** All gates stand open. */
export const open = (changes: Partial<GateFacts> = {}): GateFacts => ({
  plan: buildPlan(),
  cluster: { version: '1.35' },
  updates: [],
  report: buildReport([]),
  backup,
  backupMaxAgeHours: 24,
  window: undefined,
  pause: { ok: true },
  lock: undefined,
  now: CHECK_TIME,
  ...changes,
});
export const asking = (request: Partial<UpgradeRequest>, subject = planSubject()) =>
  buildPlan(subject, '1.36', request);
export const gateOf = (name: GateOutcome['gate'], facts: Partial<GateFacts>) =>
  judgeGates(open(facts)).find(({ gate }) => gate === name);
export const window = { days: ['sat' as const], from: '22:00', to: '23:00', timeZone: 'UTC' };
export const lock = (owner: string, expiresAt: string) => ({
  version: 1 as const,
  name: 'upgrade/gitlab',
  owner,
  token: 3,
  acquiredAt: '2026-11-21T11:00:00.000Z',
  expiresAt,
});
export const running = (changes = {}) =>
  buildUpdate({ id: 'u-1', status: 'InProgress', params: { Version: '1.36' }, ...changes });
