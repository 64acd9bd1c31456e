import type { Freshness } from '../../records/backup/freshness.ts';

/** Something that people are told of. */
export interface FreshnessChange {
  readonly kind: 'late' | 'recovered';
  readonly now: Freshness;
  /** As it was looked at before; absent the first time. */
  readonly before?: Freshness;
}

/**
 * What of a look is new. An alarm is told when it begins, and once more when what could not be told turns out to be
 * late; its end is told when there is a fresh backup, and not before. Something that can not be told for a while keeps
 * the moment at which that began.
 *
 * @param before of the last look; empty the first time.
 * @returns `judged` to be kept for the next look, and the changes.
 */
export const compareFreshness = (
  before: readonly Freshness[],
  now: readonly Freshness[],
): { readonly judged: Freshness[]; readonly changes: FreshnessChange[] } => {
  const pairs = now.map((one) => {
    const earlier = before.find(({ policy }) => policy === one.policy);
    const isSameDoubt = one.state === 'unknown' && earlier?.state === 'unknown';
    return { one: isSameDoubt ? { ...one, since: earlier.since } : one, earlier };
  });
  return {
    judged: pairs.map(({ one }) => one),
    changes: pairs.flatMap(({ one, earlier }) => {
      const kind = kindOf(earlier, one);
      return kind ? [{ kind, now: one, ...(earlier ? { before: earlier } : {}) }] : [];
    }),
  };
};

const kindOf = (before: Freshness | undefined, now: Freshness): FreshnessChange['kind'] | undefined => {
  if (now.alarming) {
    const isClearer = before?.state === 'unknown' && now.state !== 'unknown';
    return before?.alarming === true && !isClearer ? undefined : 'late';
  }
  return before?.alarming === true && now.state === 'ok' ? 'recovered' : undefined;
};
