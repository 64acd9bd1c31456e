import { DAY_MS } from '../../../rules/utc-days.ts';
import { matchesBucket } from '../../drill/bucket-pattern.ts';
import { notChecked, type PreflightVerdict, pass, refuse, warn } from '../../preflight/preflight-rule.ts';
import type { RestoreRule } from '../prechecks/restore-rule.ts';
import { nativeDatabase } from './native-database-rule.ts';
import type { NativeRow } from './native-row.ts';
import type { NativeView } from './native-view.ts';

/** What must be so before a native set is restored: each part where it lies, and room for what is made of it. */

/** A place of its own would need an instance and buckets that drydock.yaml has no names for. */
const place: NativeRow = {
  code: 'native-place',
  title: 'It is restored where it was taken',
  ifUnknown: 'stop',
  mayOverride: false,
  judge: (_, { target, set }) =>
    target.kind === 'environment' && target.environment === set.environment
      ? [pass(`Set ${set.id} is of ${target.environment}.`)]
      : [
          refuse(
            `Set ${set.id} is made of a snapshot and of versions of the buckets of ${set.environment}, and comes back there alone: into another place nothing of it can be put, since drydock.yaml names no database instance and no buckets of that place.`,
            `Restore it into ${set.environment}, or choose a set with an archive.`,
          ),
        ],
};

const parts: NativeRow = {
  code: 'native-parts',
  title: 'The set has the parts that it needs',
  ifUnknown: 'stop',
  mayOverride: false,
  judge: ({ parts: { database, gitaly } }, { set }) => {
    const missing = [
      ...(database || set.skip.includes('db') ? [] : ['the database']),
      ...(gitaly || set.skip.includes('repositories') ? [] : ['the repositories']),
    ];
    return missing.length === 0
      ? [pass('It has all of them.')]
      : [refuse(`Set ${set.id} has no mark of ${missing.join(' and ')}.`, 'Choose another set.')];
  },
};

const versions: NativeRow = {
  code: 'native-versions',
  title: 'Buckets lead back to the moment of the set',
  ifUnknown: 'stop',
  mayOverride: true,
  judge: ({ parts: { buckets: marks }, buckets, sourceBuckets }, { now, release }) => {
    const verdicts = buckets.flatMap(({ component, bucket, versions: how, archived }): PreflightVerdict[] => {
      const mark = marks.find((one) => one.bucket === bucket);
      const named = release.known
        ? release.value.components.find((one) => one.component === component)
        : undefined;
      if (named?.on === true && named.bucket !== bucket) {
        return [
          refuse(
            `GitLab keeps ${component} in ${named.bucket ?? 'no bucket'} now, and the set is of ${bucket}.`,
            'Name that bucket in its values again until the restore is over.',
          ),
        ];
      }
      if (!how.known)
        return [notChecked(`How ${bucket} keeps versions is not known: ${how.why}.`, 'Look at it in S3.')];
      const { versioning, noncurrentDays } = how.value;
      const days = Math.floor((now.getTime() - Date.parse(mark?.at ?? '')) / DAY_MS);
      if (versioning !== 'enabled') {
        return [
          refuse(
            `${bucket} makes no versions now: what is replaced in it could not be brought back.`,
            'Switch its versions on.',
          ),
        ];
      }
      if (noncurrentDays !== undefined && days >= noncurrentDays) {
        return [
          refuse(
            `${bucket} deletes versions ${noncurrentDays} days after they were replaced, and the set is ${days} days old: objects of it may be gone, and would get a delete marker.`,
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
    });
    const unnamed = buckets.filter(
      ({ bucket }) => !sourceBuckets.some((pattern) => matchesBucket(pattern, bucket)),
    );
    return [
      ...verdicts,
      ...(unnamed.length === 0
        ? []
        : [
            refuse(
              `There is no right to change objects of ${unnamed.map(({ bucket }) => bucket).join(', ')}.`,
              'Name them in sourceBuckets of drydock.yaml, and deploy the site.',
            ),
          ]),
      ...(verdicts.length + unnamed.length === 0 ? [pass(`${buckets.length} buckets lead back.`)] : []),
    ];
  },
};

const gitaly: NativeRow = {
  code: 'native-gitaly',
  title: 'Gitaly has the repositories of the set',
  ifUnknown: 'stop',
  mayOverride: true,
  judge: ({ parts: { gitaly: part }, manifests }, { release }) => {
    if (!part) return [pass('The set leaves the repositories out.')];
    const bucket = release.known ? release.value.gitaly.bucket : undefined;
    if (bucket !== undefined && bucket !== part.bucket) {
      return [
        refuse(
          `Gitaly keeps its backups in ${bucket} now, and those of the set lie in ${part.bucket}.`,
          'Set gitlab.gitaly.backup.goCloudUrl to that bucket until the restore is over.',
        ),
      ];
    }
    if (!manifests.known)
      return [
        notChecked(
          `Its bucket could not be listed: ${manifests.why}.`,
          'Give this function s3:ListBucket on it.',
        ),
      ];
    const { found, isAll } = manifests.value;
    if (found > 0) return [pass(`${found} repositories of ${part.id} were seen in ${part.bucket}.`)];
    if ((part.projects ?? 0) === 0) return [pass(`The set has no repository.`)];
    return isAll
      ? [refuse(`${part.bucket} holds no repository of ${part.id} any more.`, 'Choose another set.')]
      : [
          warn(
            `Among the first names of ${part.bucket} there is none of ${part.id}.`,
            'Have the set verified again, which reads all of them.',
          ),
        ];
  },
};

const ROWS: readonly NativeRow[] = [place, parts, nativeDatabase, versions, gitaly];

/** The rules over what was gathered of this set. */
export const nativeRules = (view: NativeView): readonly RestoreRule[] =>
  ROWS.map(({ judge, ...row }) => ({ ...row, judge: (facts) => judge(view, facts) }));
