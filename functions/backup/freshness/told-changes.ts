import type { FreshnessChange } from './freshness-change.ts';

/**
 * The changes that are worth a message of their own. Of a policy that says just what its environment says, as the only
 * one of whole backups does, people hear once.
 */
export const chooseTold = (changes: readonly FreshnessChange[]): FreshnessChange[] => {
  const whole = changes.find(({ now }) => now.policy === undefined);
  return changes.filter((change) => change === whole || !whole || !isSame(change, whole));
};

const isSame = (one: FreshnessChange, other: FreshnessChange): boolean =>
  one.kind === other.kind &&
  one.now.state === other.now.state &&
  one.now.since === other.now.since &&
  one.now.limitHours === other.now.limitHours;
