import type { PartFacts } from '../../../functions/backup/marks/part-rule.ts';
import type { BackupSet } from '../../../functions/records/backup/set.ts';
import type { BackupPart, BackupSecrets } from '../../../functions/records/backup/set-parts.ts';
import { buildRunningSet, buildSubject, RUN_SET } from '../../support/backup-step.ts';

/** A whole native set, part by part. */

export const NOW = new Date('2026-11-21T06:00:00.000Z');

type Of<Kind extends BackupPart['kind']> = Extract<BackupPart, { kind: Kind }>;

export const databaseMark = (changes: Partial<Of<'database'>> = {}): BackupPart => ({
  kind: 'database',
  takenAt: '2026-11-21T03:01:00.000Z',
  instance: 'gitlab',
  latestRestorableTime: '2026-11-21T02:58:00.000Z',
  snapshot: {
    arn: 'arn:aws:rds:eu-central-1:111122223333:snapshot:s',
    createdAt: '2026-11-21T03:01:00.000Z',
  },
  ...changes,
});

export const bucketMark = (component: string, changes: Partial<Of<'bucket'>> = {}): BackupPart => ({
  kind: 'bucket',
  takenAt: '2026-11-21T03:10:00.000Z',
  component,
  bucket: `acme-${component.replaceAll('_', '-')}`,
  at: '2026-11-21T03:10:00.000Z',
  versioning: 'enabled',
  replication: { status: 'complete', to: 'acme-replica', pending: 0 },
  ...changes,
});

export const gitalyPart = (changes: Partial<Of<'gitaly'>> = {}): BackupPart => ({
  kind: 'gitaly',
  takenAt: '2026-11-21T03:12:00.000Z',
  id: RUN_SET.id,
  bucket: 'acme-gitaly',
  projects: 12,
  ...changes,
});

export const RESOURCE = 'arn:aws:elasticfilesystem:eu-central-1:111122223333:file-system/fs-1';

export const recoveryPoint = (changes: Partial<Of<'recovery-point'>> = {}): BackupPart => ({
  kind: 'recovery-point',
  takenAt: '2026-11-21T02:00:00.000Z',
  arn: 'arn:aws:backup:eu-central-1:111122223333:recovery-point:1',
  vault: 'gitlab',
  resource: RESOURCE,
  resourceType: 'EFS',
  ...changes,
});

export const SECRETS: BackupSecrets = {
  object: { bucket: 'acme-secrets', key: 'production/sets/x/secrets.json' },
  kmsKey: 'arn:aws:kms:eu-central-1:111122223333:key/1',
  fingerprints: {
    version: 1,
    environment: 'production',
    keyId: '0123456789abcdef',
    takenAt: '2026-11-21T05:00:00.000Z',
    secrets: [],
  },
};

/** The same with one secret that was not read. */
export const secretsWith = (
  state: 'absent' | 'unreadable',
  need: 'required' | 'when-used' | 'optional',
): BackupSecrets => {
  const redis = { id: 'redis', name: 'gitlab-redis', purpose: 'connection' as const, keys: {}, state, need };
  return { ...SECRETS, fingerprints: { ...SECRETS.fingerprints, secrets: [redis] } };
};

/** Switched off in this GitLab, so that nothing of them is missing. */
export const OFF = ['external_diffs', 'terraform_state', 'pages', 'ci_secure_files'];
export const ON = ['registry', 'uploads', 'artifacts', 'lfs', 'packages'];

export const nativeSet = (changes: Partial<BackupSet> = {}): BackupSet =>
  buildRunningSet({
    kind: 'native',
    secrets: SECRETS,
    parts: [databaseMark(), ...ON.map((component) => bucketMark(component)), gitalyPart()],
    ...changes,
  });

/** The same set with one part changed, or without it. */
export const nativeWith = (
  kind: BackupPart['kind'],
  part: BackupPart | undefined,
  component?: string,
): BackupSet => {
  const isIt = (one: BackupPart): boolean =>
    one.kind === kind && (one.kind !== 'bucket' || one.component === component);
  const { parts } = nativeSet();
  return nativeSet({ parts: [...parts.filter((one) => !isIt(one)), ...(part ? [part] : [])] });
};

export const nativePolicy = (policy: object = {}, more: object = {}) =>
  buildSubject(
    { kind: 'native', ...policy },
    { database: { instance: 'gitlab' }, gitaly: { bucket: 'acme-gitaly' }, ...more },
  );

export const FACTS: PartFacts = { now: NOW, problems: [], off: OFF, written: 12 };
