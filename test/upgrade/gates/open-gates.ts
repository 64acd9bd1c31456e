import type { Finding } from '../../../functions/records/upgrade/finding.ts';
import type { GateOutcome } from '../../../functions/records/upgrade/plan.ts';
import type { UpgradeReport } from '../../../functions/records/upgrade/report.ts';
import type { UpgradeRequest } from '../../../functions/records/upgrade/request.ts';
import { type GateFacts, judgeGates } from '../../../functions/upgrade/gates/judge-gates.ts';
import { planSubject } from '../../support/plan-facts.ts';
import { buildUpdate, CHECK_TIME } from '../../support/upgrade-facts.ts';
import { buildPlan } from '../../support/upgrade-run.ts';

export const finding = (changes: Partial<Finding> = {}): Finding => ({
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

export const report = (findings: Finding[] = [], changes: Partial<UpgradeReport> = {}): UpgradeReport => ({
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
  report: report(),
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
