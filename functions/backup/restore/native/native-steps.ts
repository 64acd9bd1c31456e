import type { NativeRestore } from '../../../records/backup/native-restore.ts';
import type { PlannedStep, RestoreStep } from '../../../records/backup/restore-plan.ts';

/** Which steps a restore of a native set has, in place of the one Job of a restore from an archive. */

/** Steps whose work is done by whoever may change the database and the objects. */
const NATIVE_STEPS: readonly RestoreStep[] = [
  'restore-database',
  'swap-database',
  'restore-objects',
  'put-back-database',
  'put-back-objects',
  'remove-database',
];

/** Is this step done by the services that keep the parts of a native set? */
export const isNativeStep = (step: RestoreStep, { native }: { readonly native?: unknown }): boolean =>
  native !== undefined && NATIVE_STEPS.includes(step);

/** Before anything is closed: a new instance takes its time, and nobody has to wait for it. */
export const listNativeAhead = ({ database }: NativeRestore): PlannedStep[] =>
  database
    ? [
        {
          step: 'restore-database',
          title: `Have RDS make ${database.interim} of ${database.source.kind === 'snapshot' ? 'the snapshot of the set' : database.source.at}, set up as ${database.instance} is`,
        },
      ]
    : [];

/**
 * While it is closed. The database and the objects can be set back, so they come before the repositories, which can not:
 * what fails in them is undone.
 */
export const listNativeReplacing = ({ database, buckets, repositories }: NativeRestore): PlannedStep[] => [
  ...(database
    ? [
        {
          step: 'swap-database' as const,
          title: `Give ${database.interim} the name ${database.instance}; what has it now stays as ${database.kept}`,
          minutes: 20,
        },
      ]
    : []),
  ...(buckets.length > 0
    ? [
        {
          step: 'restore-objects' as const,
          title: describeObjects(buckets),
        },
      ]
    : []),
  ...(repositories
    ? [
        {
          step: 'restore-repositories' as const,
          title: `Replace the repositories by those that Gitaly keeps in ${repositories.bucket} under ${repositories.id}`,
        },
      ]
    : []),
];

const describeObjects = (buckets: NativeRestore['buckets']): string => {
  const names = buckets.map(({ bucket, into }) => (into === undefined ? bucket : `${bucket} into ${into}`));
  return buckets.some(({ into }) => into !== undefined)
    ? `Copy every object of ${names.join(', ')} as it was at the time of the set; what lies there besides stays`
    : `Have every object of ${names.join(', ')} be as it was at the time of the set; its versions stay`;
};

/** What the place of a drill has lent gets its identifier back, and what was made of the backup is deleted. */
export const listNativeGivenBack = ({ database }: NativeRestore): RestoreStep[] =>
  database ? ['put-back-database', 'remove-database'] : [];

/** Back to what was there before, once repositories were replaced. */
export const listNativeWayBack = ({ database, buckets, repositories }: NativeRestore): RestoreStep[] => [
  ...(database ? (['put-back-database'] as const) : []),
  ...(buckets.length > 0 ? (['put-back-objects'] as const) : []),
  ...(repositories ? (['put-back-job'] as const) : []),
];
