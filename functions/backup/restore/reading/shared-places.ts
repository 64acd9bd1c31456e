import type { ReadRelease, ReleaseFacts } from '../../../records/backup/release-facts.ts';
import type { RestoreInspection } from './inspection.ts';

/** What two GitLabs both use: a restore into one of them would empty it under the other. */

/** Source: GitLab chart 9 and 10, global.psql.database. */
const DEFAULT_DATABASE = 'gitlabhq_production';

/**
 * Finds the buckets and databases that a restore replaces at the place and that the GitLab of the backup uses as well.
 *
 * @param origin undefined where both are the same GitLab, and all of it is meant.
 */
export const findShared = (
  place: ReleaseFacts,
  origin: ReleaseFacts | undefined,
): RestoreInspection['shared'] => {
  if (!origin) return { known: true, value: [] };
  const blind = [place, origin].find(({ state }) => state === 'unknown');
  if (blind?.state === 'unknown') return { known: false, why: blind.problem.replace(/\.$/, '') };
  const [here, there] = [place, origin].map((one) => (one.state === 'read' ? listPlaces(one) : []));
  return { known: true, value: (here ?? []).filter((one) => there?.includes(one)) };
};

const listPlaces = ({ components, tmpBucket, databases, gitaly }: ReadRelease): string[] => [
  ...new Set([
    ...components.flatMap(({ on, bucket }) => (on && bucket !== undefined ? [`bucket ${bucket}`] : [])),
    ...(tmpBucket === undefined ? [] : [`bucket ${tmpBucket}`]),
    ...(gitaly.bucket === undefined ? [] : [`bucket ${gitaly.bucket}`]),
    // Without a host it is the chart's own server, of which each release has one.
    ...databases.flatMap(({ host, database = DEFAULT_DATABASE }) =>
      host === undefined ? [] : [`database ${host}/${database}`],
    ),
  ]),
];
