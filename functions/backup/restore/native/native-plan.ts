import { BUCKET_COMPONENTS } from '../../../records/backup/components.ts';
import type { NativeRestore } from '../../../records/backup/native-restore.ts';
import type { PlannedStep, RestorePlan } from '../../../records/backup/restore-plan.ts';
import { listNativeAhead, listNativeReplacing } from './native-steps.ts';

/** What of a plan is another one where a set is no archive. */

/** Buckets that stay as they are. */
export const listNativeSkipped = ({ buckets }: NativeRestore): RestorePlan['skip'] =>
  BUCKET_COMPONENTS.filter((name) => !buckets.some(({ component }) => component === name));

/**
 * Puts the steps of a native set in place of those of an archive. A database that is made of its blocks has its statistics.
 */
export const replaceSteps = (steps: readonly PlannedStep[], native: NativeRestore): PlannedStep[] =>
  steps.flatMap((one) => {
    if (one.step === 'suspend-schedules') return [...listNativeAhead(native), one];
    if (one.step === 'restore-job') return listNativeReplacing(native);
    return one.step === 'analyse' ? [] : [one];
  });

/** Ids of secrets (secrets/secret-list.ts) that hold the password of a role of the database. */
export const isDatabasePassword = (id: string): boolean =>
  /^(postgresql-password|registry-database-password|global\.psql\..*password.*)$/.test(id);

/** What comes back from where, as words by which a plan is named and compared. */
export const listSources = ({ database, buckets, repositories }: NativeRestore): string[] => [
  ...(database
    ? [
        database.instance,
        database.source.kind === 'snapshot' ? database.source.arn : database.source.at,
        database.interim,
        database.kept,
        ...(database.origin === undefined ? [] : [database.origin]),
      ]
    : []),
  ...buckets.map(
    ({ bucket, at, into }) => `${bucket} as of ${at}${into === undefined ? '' : ` into ${into}`}`,
  ),
  ...(repositories ? [`${repositories.bucket}/${repositories.id}`] : []),
];
