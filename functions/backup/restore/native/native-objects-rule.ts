import type { ReadRelease } from '../../../records/backup/release-facts.ts';
import { DAY_MS } from '../../../rules/utc-days.ts';
import { matchesBucket } from '../../drill/bucket-pattern.ts';
import { notChecked, type PreflightVerdict, pass, refuse } from '../../preflight/preflight-rule.ts';
import type { RestoreFacts } from '../prechecks/facts.ts';
import type { NativeRow } from './native-row.ts';
import type { NativeView } from './native-view.ts';

/** Whether objects can be as they were at the moment of a native set: where they lie, or in the buckets of another place. */

type Bucket = NativeView['buckets'][number];

/** The bucket in which a GitLab keeps these objects; undefined where it keeps none. */
export const bucketOf = ({ components }: ReadRelease, component: string): string | undefined =>
  components.find((one) => one.component === component && one.on)?.bucket;

export const nativeObjects: NativeRow = {
  code: 'native-versions',
  title: 'Buckets lead back to the moment of the set',
  ifUnknown: 'stop',
  mayOverride: true,
  judge: (view, facts) => {
    const { buckets, place } = view;
    const found = [
      ...buckets.flatMap((one) => [
        ...(place.isOther ? judgeOther(one, view, facts) : judgePlace(one, facts)),
        ...judgeVersions(one, view, facts),
      ]),
      ...judgeRights(view),
    ];
    return found.length > 0 ? found : [pass(`${buckets.length} buckets lead back.`)];
  },
};

const judgePlace = ({ component, bucket }: Bucket, { release }: RestoreFacts): PreflightVerdict[] => {
  const named = release.known
    ? release.value.components.find((one) => one.component === component)
    : undefined;
  return named?.on === true && named.bucket !== bucket
    ? [
        refuse(
          `GitLab keeps ${component} in ${named.bucket ?? 'no bucket'} now, and the set is of ${bucket}.`,
          'Name that bucket in its values again until the restore is over.',
        ),
      ]
    : [];
};

/** What is copied needs a bucket of the place, into which somebody has let us write. */
const judgeOther = (
  { component, bucket }: Bucket,
  { place }: NativeView,
  { release }: RestoreFacts,
): PreflightVerdict[] => {
  if (!release.known) {
    return [
      notChecked(
        `Where GitLab keeps ${component} there is not known: ${release.why}.`,
        'Look at its values.',
      ),
    ];
  }
  const into = bucketOf(release.value, component);
  if (into === undefined) {
    return [
      refuse(
        `GitLab keeps no ${component} there, and the set has those of ${bucket}.`,
        'Switch them on in its values, with a bucket of their own.',
      ),
    ];
  }
  if (into === bucket) {
    return [
      refuse(
        `${bucket} is the bucket of the set itself.`,
        'Give the GitLab of that place buckets of its own.',
      ),
    ];
  }
  return place.buckets.some((pattern) => matchesBucket(pattern, into))
    ? []
    : [
        refuse(
          `There is no right to copy objects into ${into}.`,
          'Name it in restore.scratch.buckets of drydock.yaml, and deploy the site.',
        ),
      ];
};

const judgeVersions = (
  { bucket, versions: how, archived }: Bucket,
  { parts, place }: NativeView,
  { now }: RestoreFacts,
): PreflightVerdict[] => {
  if (!how.known)
    return [notChecked(`How ${bucket} keeps versions is not known: ${how.why}.`, 'Look at it in S3.')];
  const mark = parts.buckets.find((one) => one.bucket === bucket);
  const { versioning, noncurrentDays } = how.value;
  const days = Math.floor((now.getTime() - Date.parse(mark?.at ?? '')) / DAY_MS);
  if (versioning !== 'enabled') {
    return [
      refuse(
        place.isOther
          ? `${bucket} makes no versions now: nobody can tell what lay in it at the time of the set.`
          : `${bucket} makes no versions now: what is replaced in it could not be brought back.`,
        'Switch its versions on.',
      ),
    ];
  }
  if (noncurrentDays !== undefined && days >= noncurrentDays) {
    return [
      refuse(
        `${bucket} deletes versions ${noncurrentDays} days after they were replaced, and the set is ${days} days old: objects of it may be gone${place.isOther ? '' : ', and would get a delete marker'}.`,
        'Choose a younger set.',
      ),
    ];
  }
  return archived.known && archived.value > 0
    ? [
        refuse(
          `${archived.value} of the first versions of ${bucket} lie in a class from which nothing is copied at once.`,
          'Have S3 restore them first.',
        ),
      ]
    : [];
};

const judgeRights = ({ buckets, sourceBuckets, place }: NativeView): PreflightVerdict[] => {
  const unnamed = buckets.filter(
    ({ bucket }) => !sourceBuckets.some((pattern) => matchesBucket(pattern, bucket)),
  );
  return unnamed.length === 0
    ? []
    : [
        refuse(
          `There is no right to ${place.isOther ? 'read' : 'change'} objects of ${unnamed.map(({ bucket }) => bucket).join(', ')}.`,
          'Name them in sourceBuckets of drydock.yaml, and deploy the site.',
        ),
      ];
};
