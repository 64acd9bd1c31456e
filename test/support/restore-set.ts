import { composeExport } from '../../functions/backup/secrets/export-document.ts';
import { fingerprintSecrets } from '../../functions/backup/secrets/fingerprint.ts';
import { listSecrets } from '../../functions/backup/secrets/secret-list.ts';
import type { SecretContent } from '../../functions/backup/secrets/secret-need.ts';
import type { openSetStore } from '../../functions/backup/sets/set-store.ts';
import { openChartValues } from '../../functions/backup/values/chart-values.ts';
import { verificationRecordKind } from '../../functions/backup/verify/verification-record.ts';
import type { CloneAnswer } from '../../functions/clients/gitlab/clone.ts';
import type { openSecretVault } from '../../functions/clients/secret-vault.ts';
import { backupRunNoteKey, backupRunNoteKind } from '../../functions/records/backup/run-note.ts';
import { type BackupSet, setVerificationKey } from '../../functions/records/backup/set.ts';
import { RESTORE_SET } from '../backup/restore/restore-facts.ts';
import { railsYaml } from '../backup/secrets/secret-builders.ts';
import { ordinaryWith } from '../backup/values/ordinary-values.ts';
import type { createMemoryLedger } from './memory-ledger.ts';

/** The sets of a GitLab that is restored in memory, their secrets, and what a test switches of it. */

export const RAILS = 'gitlab-rails-secret';
export const BACKUP_MACHINE = 'arn:aws:states:eu-central-1:111122223333:stateMachine:drydock-main-backup';

export interface SiteState {
  safety: 'verified' | 'incomplete' | 'running' | 'aborted';
  /** Steps whose next Job fails. */
  failing: string[];
  /** Helm values of the scratch place, over the ordinary ones. */
  scratchValues: string;
  signIn: boolean;
  clone: CloneAnswer;
}

const NEEDS = listSecrets('gitlab', openChartValues(ordinaryWith(''), 9));
const bytes = (text: string): Uint8Array => Buffer.from(text);
const railsOf = (letter: string) => ({
  'secrets.yml': bytes(railsYaml({ db_key_base: letter.repeat(128) })),
});

export interface StoredSecret {
  readonly name: string;
  readonly type: string;
  readonly data: Readonly<Record<string, Uint8Array>>;
}

export const secretsOf = (letter: string): Map<string, StoredSecret> =>
  new Map(
    NEEDS.map(({ name }) => [
      name,
      {
        name,
        type: 'Opaque',
        data: name === RAILS ? railsOf(letter) : { password: bytes(`the one of ${name}`) },
      },
    ]),
  );

type Quiet = ReturnType<typeof openSetStore>;
type Memory = ReturnType<typeof createMemoryLedger>;

/** The set of the night before, its secrets in the vault, and the record of its verification. */
export const putSet = async (
  sets: Quiet,
  memory: Memory,
  vault: ReturnType<typeof openSecretVault>,
  stored: ReadonlyMap<string, StoredSecret>,
): Promise<BackupSet> => {
  const contents = new Map<string, SecretContent>(
    [...stored].map(([name, { data }]) => [name, { state: 'read', data }]),
  );
  const types = new Map([...stored].map(([name, { type }]) => [name, type]));
  const takenAt = new Date('2026-11-21T03:00:00.000Z');
  const about = { environment: 'production', takenAt, key: await vault.readFingerprintKey() };
  const fingerprints = fingerprintSecrets(about, NEEDS, contents);
  const document = composeExport(
    RESTORE_SET,
    { needs: NEEDS, contents, types, helmValues: undefined },
    takenAt,
  );
  const { keyArn: kmsKey, ...object } = await vault.write(document);
  const record = setVerificationKey('production', RESTORE_SET.id, '2026-11-21T05:00:00.000Z');
  const verification = {
    verdict: 'verified' as const,
    at: '2026-11-21T05:00:00.000Z',
    record,
    reasons: [],
    found: 0,
  };
  const set: BackupSet = {
    ...RESTORE_SET,
    verification,
    takenAt: '2026-11-21T03:00:00.000Z',
    secrets: { object, kmsKey, fingerprints, values: 'saved' },
  };
  const archive = set.parts.flatMap((part) => (part.kind === 'archive' ? [part.object] : []))[0];
  if (!archive) throw new Error('The fixture has an archive.');
  await memory.claim(verificationRecordKind, record, {
    version: 1,
    environment: 'production',
    policy: set.policy,
    id: set.id,
    kind: 'tar',
    execution: set.execution,
    verdict: 'verified',
    reasons: [],
    startedAt: verification.at,
    finishedAt: verification.at,
    archive: {
      archive,
      information: {
        installationType: 'gitlab-helm-chart',
        skipped: [],
        storages: ['default'],
        repositoriesServerSide: false,
      },
      parts: [],
      members: 1,
      reads: { requests: 1, bytes: 1 },
      startedAt: verification.at,
      finishedAt: verification.at,
    },
  });
  return sets.open(set);
};

/** What the machine `backup` leaves behind, at once. */
export const makeSafetySet = async (
  name: string,
  { safety }: SiteState,
  set: BackupSet,
  {
    quiet,
    memory,
    clock,
  }: { readonly quiet: Quiet; readonly memory: Memory; readonly clock: { now(): Date } },
): Promise<void> => {
  if (safety === 'running' || safety === 'aborted') return;
  const seconds = Math.floor(clock.now().getTime() / 1_000);
  const id = `${seconds}_2026_11_22_18.10.0-ee`;
  const at = clock.now().toISOString();
  const execution = {
    arn: `${BACKUP_MACHINE.replace('stateMachine', 'execution')}:${name}`,
    name,
    startedAt: at,
  };
  await quiet.open({
    ...set,
    id,
    state: safety,
    takenAt: at,
    startedAt: at,
    execution,
    verification: { verdict: safety, at, record: 'r', reasons: [], found: 0 },
  });
  const reference = { environment: 'production', policy: 'daily', id };
  await memory.claim(backupRunNoteKind, backupRunNoteKey(name), { version: 1, execution, set: reference });
};
