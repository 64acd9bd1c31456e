import type { JobFact } from '../../functions/backup/run/job-fact.ts';
import { jobFactKind } from '../../functions/backup/run/job-fact.ts';
import { openSetStore } from '../../functions/backup/sets/set-store.ts';
import type { Input } from '../../functions/backup/verify-set.contract.ts';
import { run } from '../../functions/backup/verify-set.ts';
import type { ArchiveAddress, ArchiveStore } from '../../functions/clients/archive-store.ts';
import type { SourceBucket } from '../../functions/clients/source-bucket.ts';
import { type ReleaseFacts, releaseFactsKind } from '../../functions/records/backup/release-facts.ts';
import { backupRunKey } from '../../functions/records/backup/run.ts';
import type { BackupSet } from '../../functions/records/backup/set.ts';
import { Backup } from '../../functions/records/configuration/backup.ts';
import { writeBackupSection } from '../../infra/local/world/backup-configuration.ts';
import { buildSet } from '../support/backup-sets.ts';
import { createFixedClock } from '../support/fixed-clock.ts';
import { createMemoryLedger } from '../support/memory-ledger.ts';
import { ARCHIVE_NAME, BACKUP_ID, gitlabFiles, packTar } from './verify/gitlab-archive.ts';
import { memoryStore } from './verify/memory-store.ts';

/** A set whose archive was written a few minutes ago, and the Lambdas that verify it. */

export const DAY_MS = 86_400_000;
export const SET = { environment: 'production', policy: 'daily', id: BACKUP_ID };
const STARTED = '2025-11-21T02:00:05.000Z';
/** Milliseconds that every read of S3 takes. */
const READ_MS = 1_000;

const SECRETS: BackupSet['secrets'] = {
  object: { bucket: 'secrets', key: 'production/1' },
  kmsKey: 'arn:aws:kms:eu-central-1:111122223333:key/1',
  fingerprints: {
    version: 1,
    environment: 'production',
    keyId: '0123456789abcdef',
    takenAt: STARTED,
    secrets: [],
  },
};

export const unreadSet = (changes: Partial<BackupSet> = {}): BackupSet => {
  const { verification: _, takenAt: __, size: ___, endedAt: ____, ...set } = buildSet();
  return { ...set, id: BACKUP_ID, state: 'unverified', startedAt: STARTED, secrets: SECRETS, ...changes };
};

export const jobFact = (changes: Partial<JobFact> = {}): JobFact => ({
  version: 1,
  namespace: 'gitlab',
  name: 'gitlab-backup-1',
  uid: 'u1',
  fence: 1,
  createdAt: STARTED,
  startedAt: STARTED,
  skipped: [],
  repositoriesServerSide: false,
  log: {
    objects: 1,
    characters: 10,
    complete: true,
    evidence: { done: `s3://backups/${ARCHIVE_NAME}`, findings: [], more: 0, emptyParts: [] },
  },
  ...changes,
});

export const releaseFacts = (
  changes: Partial<Extract<ReleaseFacts, { state: 'read' }>> = {},
): Extract<ReleaseFacts, { state: 'read' }> => ({
  state: 'read',
  version: 1,
  readAt: STARTED,
  release: 'gitlab',
  namespace: 'gitlab',
  revision: 3,
  status: 'deployed',
  chart: 'gitlab',
  chartVersion: '9.10.0',
  appVersion: '18.10.0',
  components: [{ component: 'uploads', on: true, bucket: 'gl-uploads', path: 'global.uploads' }],
  backend: 's3',
  upload: { tool: 'awscli', known: true },
  scratch: { kind: 'node-disk' },
  databases: [{ name: 'main' }],
  gitaly: { serverSide: false, external: false, praefect: false, storages: ['default'] },
  skipped: [],
  findings: [],
  unread: [],
  ...changes,
});

export interface WorldOptions {
  readonly set?: BackupSet;
  readonly files?: Awaited<ReturnType<typeof gitlabFiles>>;
  readonly job?: JobFact;
  readonly release?: ReleaseFacts;
  /** Of the buckets, by name: a state, or what is thrown. */
  readonly buckets?: Readonly<Record<string, 'empty' | 'holds-objects' | 'unknown' | Error>>;
  /** The policy that is there; another one when that of the set is gone. */
  readonly subject?: string;
  readonly dumpReadLimit?: number;
  /** Changes of the policy. */
  readonly policy?: Readonly<Record<string, unknown>>;
  readonly ways?: Parameters<typeof memoryStore>[1];
}

export const createVerifyWorld = async (options: WorldOptions = {}) => {
  const clock = createFixedClock('2025-11-21T02:10:00.000Z');
  const ledger = createMemoryLedger();
  const sets = openSetStore({ ledger, clock, policiesOf: () => ['daily'] });
  await sets.open(options.set ?? unreadSet());
  if (options.job) await ledger.claim(jobFactKind, backupRunKey(SET, 'job'), options.job);
  if (options.release) await ledger.claim(releaseFactsKind, backupRunKey(SET, 'release'), options.release);
  let archive: Uint8Array = await packTar(options.files ?? (await gitlabFiles()));
  let ways = options.ways ?? {};
  const settings = Backup.parse({
    environments: {
      production: writeBackupSection('111122223333', {
        destination: { bucket: 'backups' },
        policies: { daily: { schedule: 'cron(0 3 * * ? *)', versions: [], ...options.policy } },
      }),
    },
  }).environments['production'];
  const policySettings = settings?.policies['daily'];
  if (!settings || !policySettings) throw new Error('There is no policy.');
  const subject = { policy: options.subject ?? SET.policy, settings, policySettings, region: 'eu-central-1' };
  const asked: SourceBucket[] = [];
  const addresses: ArchiveAddress[] = [];
  let reads = 0;

  const openStore = (address: ArchiveAddress): ArchiveStore => {
    addresses.push(address);
    return memoryStore(archive, {
      ...ways,
      onRead: (start, length) => {
        reads += 1;
        clock.advance(READ_MS);
        ways.onRead?.(start, length);
      },
    });
  };
  const deps = {
    ledger,
    sets,
    clock,
    openStore,
    dumpReadLimit: options.dumpReadLimit ?? 24 * 1024 ** 3,
    subjectOf: () => subject,
    readSourceBucket: async (question: SourceBucket) => {
      asked.push(question);
      const answer = options.buckets?.[question.bucket] ?? 'holds-objects';
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
  return {
    deps,
    sets,
    ledger,
    clock,
    asked,
    addresses,
    get reads() {
      return reads;
    },
    set: async (): Promise<BackupSet> => {
      const set = await sets.read(SET);
      if (!set) throw new Error('The set is gone.');
      return set;
    },
    /** From now on the archive is this, and its store does this. */
    change: (changes: { archive?: Uint8Array; ways?: WorldOptions['ways'] }): void => {
      archive = changes.archive ?? archive;
      ways = changes.ways ?? ways;
    },
    /** One Lambda that has so many seconds. */
    verify: (
      input: Partial<ReturnType<(typeof Input)['parse']>> = {},
      { seconds = 900, execution = 'daily-1' } = {},
    ) =>
      run(
        {
          execution: { arn: `arn:${execution}`, name: execution, startedAt: clock.now().toISOString() },
          set: SET,
          slices: 0,
          looked: false,
          ...input,
        },
        deps,
        { signal: new AbortController().signal, remainingMs: () => seconds * 1_000 },
      ),
  };
};

/** The one execution of a machine that calls until it is at its end. */
export const verifyToEnd = async (
  world: Awaited<ReturnType<typeof createVerifyWorld>>,
  seconds: number,
): Promise<{ outcome: string; slices: number; message: string }> => {
  const execution = { arn: 'arn:loop', name: 'loop', startedAt: world.clock.now().toISOString() };
  let slices = 0;
  for (let calls = 0; calls < 60; calls++) {
    const answer = await world.verify({ execution, slices }, { seconds });
    if (answer.outcome !== 'unfinished') return answer;
    slices = answer.slices;
  }
  throw new Error('It never came to its end.');
};

/** What its last verification has against it, notes left out. */
export const codesOf = ({ verification }: Pick<BackupSet, 'verification'>): string[] =>
  (verification?.reasons ?? []).flatMap(({ code, subject, result }) =>
    result === 'note' ? [] : [`${code} ${subject}`],
  );
