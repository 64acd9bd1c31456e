import type { Stage } from '../../../functions/backup/marks/progress.ts';
import { jobFactKind } from '../../../functions/backup/run/job-fact.ts';
import { NO_EVIDENCE } from '../../../functions/backup/run/log-fold.ts';
import { run } from '../../../functions/backup/set-marks.ts';
import type { KeyPage } from '../../../functions/clients/object-keys.ts';
import type { RecoveryPointState } from '../../../functions/clients/recovery-points.ts';
import { markProgressKind } from '../../../functions/records/backup/mark-progress.ts';
import { releaseFactsKind } from '../../../functions/records/backup/release-facts.ts';
import { backupRunKey } from '../../../functions/records/backup/run.ts';
import type { BackupSet } from '../../../functions/records/backup/set.ts';
import { buildRunningSet, openRun, RUN_EXECUTION, RUN_INPUT, RUN_SET } from '../../support/backup-step.ts';
import { createFakeBucketFacts } from '../../support/fake-bucket-facts.ts';
import { createFakeDatabases } from '../../support/fake-databases.ts';
import { buildRelease, describeOf } from '../release/release-builder.ts';
import { nativePolicy } from './part-builders.ts';

/** One run of a backup whose marks a test sets, call by call. */

export const BUCKETS = ['registry', 'uploads', 'artifacts', 'lfs', 'packages'].map((name) => `acme-${name}`);

export interface MarksGiven {
  readonly set?: BackupSet;
  readonly policy?: ReturnType<typeof nativePolicy>;
  readonly hasRelease?: boolean;
  readonly job?: { readonly repositoriesServerSide: boolean };
}

export const openMarks = async (given: MarksGiven = {}) => {
  const { policy = nativePolicy(), set = buildRunningSet({ kind: policy.policySettings.kind }) } = given;
  const { ledger, sets, clock } = await openRun(set);
  if (given.hasRelease ?? true) {
    await ledger.claim(releaseFactsKind, backupRunKey(RUN_SET, 'release'), describeOf(buildRelease()));
  }
  if (given.job) {
    await ledger.claim(jobFactKind, backupRunKey(RUN_SET, 'job'), {
      version: 1,
      namespace: 'gitlab',
      name: 'gitlab-toolbox-backup-1',
      uid: 'u',
      fence: 1,
      createdAt: '2026-11-21T03:20:00.000Z',
      startedAt: '2026-11-21T03:20:30.000Z',
      skipped: [],
      repositoriesServerSide: given.job.repositoriesServerSide,
      log: { objects: 0, characters: 0, complete: true, evidence: NO_EVIDENCE },
    });
  }
  const databases = createFakeDatabases(() => clock.now());
  databases.put({ identifier: 'gitlab' });
  const buckets = createFakeBucketFacts();
  for (const bucket of BUCKETS) buckets.put(bucket);
  const points: RecoveryPointState[] = [];
  const pages: (KeyPage | Error)[] = [{ keys: [], more: false }];
  const asked: { bucket: string; after: string | undefined }[] = [];
  let left = 120_000;
  const mark = (stage: Stage, execution = RUN_EXECUTION) =>
    run(
      { ...RUN_INPUT, execution, stage },
      {
        ledger,
        sets,
        subject: () => policy,
        sources: () => ({
          databases,
          buckets,
          recoveryPoints: { list: async () => points },
          keys: {
            list: async (bucket, _prefix, after) => {
              asked.push({ bucket, after });
              const page = pages[Math.min(asked.length, pages.length) - 1];
              if (page instanceof Error || page === undefined) throw page ?? new Error('no page');
              return page;
            },
          },
        }),
        clock,
      },
      { signal: AbortSignal.timeout(10_000), remainingMs: () => (left -= 1_000) },
    );
  return {
    ledger,
    sets,
    clock,
    databases,
    buckets,
    points,
    pages,
    asked,
    mark,
    /** How much time the next Lambda has. */
    limit: (ms: number) => {
      left = ms;
    },
    progress: async () => (await ledger.read(markProgressKind, backupRunKey(RUN_SET, 'marks')))?.value,
    parts: async () => (await sets.read(RUN_SET))?.parts ?? [],
  };
};
