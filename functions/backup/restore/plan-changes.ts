import { isDeepStrictEqual } from 'node:util';
import type { RestorePlan, RestorePrecheck } from '../../records/backup/restore-plan.ts';
import { listSources } from './native/native-plan.ts';

/** What has changed between the plan that was approved and the one that would be made now. */

type Decided = Pick<
  RestorePlan,
  'target' | 'set' | 'steps' | 'skip' | 'buckets' | 'secrets' | 'checks' | 'native'
>;

/**
 * Compares both. What has become better is no change: a check that holds by now, or one that nobody has to pass over any
 * more. Whoever approved must have read whatever is passed over.
 *
 * @returns sentences; none when what was approved is what would be done.
 */
export const listPlanChanges = (approved: Decided, now: Decided): string[] => [
  ...now.checks.filter(({ stops }) => stops).map(describeCheck),
  ...now.checks
    .filter(({ code, override }) => override !== undefined && !isPassedOver(approved, code))
    .map((check) => `${describeCheck(check)} That did not stand in the plan that was approved.`),
  ...PARTS.flatMap(({ what, of }) => {
    const [was, is] = [of(approved), of(now)];
    return isDeepStrictEqual(was, is)
      ? []
      : [
          `${what} would be others than those of the plan: ${was.join(', ') || 'none'} then, ${is.join(', ') || 'none'} now.`,
        ];
  }),
];

const isPassedOver = ({ checks }: Pick<RestorePlan, 'checks'>, asked: string): boolean =>
  checks.some(({ code, override }) => code === asked && override !== undefined);

const describeCheck = ({ code, message, remedy }: RestorePrecheck): string =>
  [`${code}: ${message}`, ...(remedy === undefined ? [] : [remedy])].join(' ');

/** All that decides what a restore does; what it is named by (plan-id.ts). */
const PARTS: readonly { readonly what: string; readonly of: (plan: Decided) => readonly string[] }[] = [
  {
    what: 'Cluster, namespace and release',
    of: ({ target }) => [target.region, target.cluster, target.namespace, target.release],
  },
  { what: 'The set and its policy', of: ({ set }) => [set.environment, set.policy, set.id] },
  { what: 'The steps', of: ({ steps }) => steps.map(({ step }) => step) },
  { what: 'The parts that stay as they are', of: ({ skip }) => skip },
  {
    what: 'The buckets',
    of: ({ buckets }) => buckets.map(({ component, bucket }) => `${bucket} (${component})`),
  },
  {
    what: 'Snapshots, versions and backups of Gitaly',
    of: ({ native }) => (native ? listSources(native) : []),
  },
  { what: 'The secrets', of: ({ secrets }) => secrets.map(({ name }) => name) },
];
