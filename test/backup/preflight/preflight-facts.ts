import type { Known, PreflightFacts } from '../../../functions/backup/preflight/facts.ts';
import type { PreflightRule } from '../../../functions/backup/preflight/preflight-rule.ts';
import { type BackupPlaces, requiredRights } from '../../../functions/backup/preflight/required-rights.ts';

/** An ordinary night before an ordinary backup: everything is known, and everything is well. */

export const known = <T>(value: T): Known<T> => ({ known: true, value });
export const UNKNOWN = { known: false, why: 'nobody answered' } as const;

export const NOW = new Date('2026-11-21T03:00:00Z');
export const ROLE = 'arn:aws:iam::111122223333:role/gitlab/backup';
export const GB = 1e9;
export const HOUR_MS = 3_600_000;

export const PLACES: BackupPlaces = {
  sources: ['acme-uploads', 'acme-lfs'],
  backup: 'acme-backups',
  tmp: 'acme-tmp',
  sourceKeys: ['arn:aws:kms:eu-central-1:111122223333:key/data'],
  backupKey: 'arn:aws:kms:eu-central-1:444455556666:key/archives',
};

export const ALL_RIGHTS = requiredRights(PLACES).map(({ action, resource }) => ({
  action,
  resource,
  decision: 'allowed' as const,
  missingContext: [],
}));

export const DATABASE = {
  identifier: 'gitlab-db',
  status: 'available',
  backupWindow: '23:00-23:30',
  maintenanceWindow: 'sun:08:00-sun:08:30',
  pendingMaintenance: [],
};

export const ORDINARY: PreflightFacts = {
  now: NOW,
  cluster: 'production',
  namespace: 'gitlab',
  release: 'gitlab',
  backupId: '1795230000_2026_11_21_18.10.0-ee',
  backupRole: ROLE,
  places: PLACES,
  wishedLock: { mode: 'governance', days: 14 },
  toolTarget: known({ backup: 'acme-backups', tmp: 'acme-tmp' }),
  lock: known({ enabled: true, default: { mode: 'GOVERNANCE', days: 14 } }),
  cronJob: known({ suspended: true, containers: ['toolbox-backup'] }),
  values: known([]),
  rights: known(ALL_RIGHTS),
  probe: known({
    identity: 'arn:aws:sts::111122223333:assumed-role/backup/session',
    listed: { 'acme-uploads': 'listed', 'acme-lfs': 'listed', 'acme-backups': 'listed' },
  }),
  history: known(
    [3, 2, 1].map((days) => ({
      takenAt: new Date(NOW.getTime() - days * 24 * HOUR_MS),
      bytes: 100 * GB,
      minutes: 60,
    })),
  ),
  rawBytes: known(80 * GB),
  scratch: known({ kind: 'generic-ephemeral', bytes: 400 * GB }),
  upload: known({ tool: 'awscli' }),
  running: known([]),
  database: known(DATABASE),
  maintenance: known(undefined),
  pause: known({ ok: true }),
  room: known([{ resource: 'pods', free: 10, needed: 1, limitedBy: 'ResourceQuota pods', grows: false }]),
  previousSet: known({ id: 'nightly-1', state: 'ended', startedAt: '2026-11-20T03:00:00Z' }),
};

/** What a rule says when some facts are others: `refuse, warn`. */
export const outcomesOf = (rule: PreflightRule, change: Partial<PreflightFacts>): string =>
  rule
    .judge({ ...ORDINARY, ...change })
    .map(({ outcome }) => outcome)
    .join(', ');
