import type { Freshness } from '../../records/backup/freshness.ts';
import type { VerifiedBackup } from '../../records/verified-backup.ts';
import { isWhole } from '../sets/verified-sets.ts';
import { type FreshnessFacts, judgeFreshness } from './freshness.ts';

/** What is known of one policy. */
export type PolicyFacts = Omit<FreshnessFacts, 'policy' | 'named'> & {
  readonly policy: string;
  /** What it leaves out, as the configuration says now. */
  readonly skip: readonly string[];
};

/**
 * Judges an environment and each of its policies, the environment first.
 *
 * The environment is as fresh as the newest set of any policy that brings a whole GitLab back, by the shortest limit
 * among the policies that make such sets: an hourly dump of the database hides no lost repositories. Where no policy
 * makes whole sets, all of them count.
 *
 * @param named a backup of another tool that a person named: it counts for the environment, and for no policy.
 */
export const judgeEnvironmentFreshness = (
  policies: readonly PolicyFacts[],
  named: VerifiedBackup | undefined,
  now: Date,
): Freshness[] => {
  const whole = policies.filter((policy) => isWhole({ skip: [...policy.skip] }));
  const counting = whole.length > 0 ? whole : policies;
  const own = policies.map((policy) => judgeFreshness(policy, now));
  if (counting.length === 0) return own;
  const sets = policies.flatMap((policy) => policy.sets);
  const unread = policies.find((policy) => policy.unread !== undefined)?.unread;
  const [paused] = counting.map((policy) => policy.paused);
  return [
    judgeFreshness(
      {
        limitHours: Math.min(...counting.map(({ limitHours }) => limitHours)),
        since: counting
          .flatMap(({ since }) => since ?? [])
          .toSorted((a, b) => Date.parse(a) - Date.parse(b))[0],
        sets: whole.length > 0 ? sets.filter(isWhole) : sets,
        ...(unread === undefined ? {} : { unread }),
        ...(named ? { named } : {}),
        ...(paused !== undefined && counting.every((policy) => policy.paused !== undefined)
          ? { paused }
          : {}),
      },
      now,
    ),
    ...own,
  ];
};
