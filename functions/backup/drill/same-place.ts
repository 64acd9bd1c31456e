import type { PlaceIdentity, UsedPlace } from '../../records/backup/drill-place.ts';
import { findShared } from './place-apart.ts';

/**
 * The second look, right before a place is emptied: is it the one that was filled, and still nobody's? What was learned
 * when the drill began may be hours old, and a release may have been upgraded to other buckets since.
 *
 * @param now undefined when the place could not be read again: then nothing is emptied.
 * @returns sentences, empty when it may be emptied.
 */
export const judgeSecondLook = (
  before: PlaceIdentity | undefined,
  now: PlaceIdentity | undefined,
  used: readonly UsedPlace[],
): string[] => {
  if (!before) return ['Nobody wrote down what the place was before it was filled.'];
  if (!now) return ['The place could not be looked at again.'];
  return [...listChanges(before, now), ...findShared(now, used)];
};

const listChanges = (before: PlaceIdentity, now: PlaceIdentity): string[] =>
  PARTS.flatMap(({ what, of }) => {
    const [was, is] = [of(before), of(now)];
    return was === is
      ? []
      : [`${what} of the place has changed since it was filled: ${was} before, ${is} now.`];
  });

const inOrder = (texts: readonly string[]): string => [...new Set(texts)].toSorted().join(', ') || 'none';

/** Not the addresses of servers: those of a database change when it fails over. */
const PARTS: readonly { readonly what: string; readonly of: (place: PlaceIdentity) => string }[] = [
  { what: 'The account', of: ({ account }) => account },
  { what: 'The cluster', of: ({ region, cluster }) => `${cluster} in ${region}` },
  { what: 'The release', of: ({ namespace, release }) => `${namespace}/${release}` },
  { what: 'The buckets', of: ({ buckets }) => inOrder(buckets) },
  {
    what: 'The servers',
    of: ({ servers }) => inOrder(servers.map(({ what, host, port }) => `${what} ${host}:${port}`)),
  },
];
