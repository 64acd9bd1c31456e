import { notChecked, pass, refuse, warn } from '../../preflight/preflight-rule.ts';
import type { RestoreRule } from '../prechecks/restore-rule.ts';
import { nativeDatabase } from './native-database-rule.ts';
import { nativeEndpoint } from './native-endpoint-rule.ts';
import { nativeObjects } from './native-objects-rule.ts';
import type { NativeRow } from './native-row.ts';
import type { NativeView } from './native-view.ts';

/** What must be so before a native set is restored: each part where it lies, and room for what is made of it. */

/** Rights on instances and buckets are those of the environment and of its scratch. */
const place: NativeRow = {
  code: 'native-place',
  title: 'It is restored where it was taken, or into the scratch place of that GitLab',
  ifUnknown: 'stop',
  mayOverride: false,
  judge: ({ place: { instance }, parts: { database } }, { target, set }) => {
    const { environment } = set;
    if (target.kind === 'environment') {
      return target.environment === environment
        ? [pass(`Set ${set.id} is of ${environment}.`)]
        : [
            refuse(
              `Set ${set.id} is made of a snapshot and of versions of the buckets of ${environment}: into ${target.environment} nothing of it can be put.`,
              `Restore it into ${environment} or its scratch place, or choose a set with an archive.`,
            ),
          ];
    }
    return database && instance === undefined
      ? [
          refuse(
            `drydock.yaml names no database instance of the scratch place, so that nothing can be made there of the snapshot of ${set.id}.`,
            `Write database and buckets into backup.environments.${environment}.restore.scratch, or choose a set with an archive.`,
          ),
        ]
      : [pass(`It comes into the scratch place of ${environment}.`)];
  },
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

const gitaly: NativeRow = {
  code: 'native-gitaly',
  title: 'Gitaly has the repositories of the set',
  ifUnknown: 'stop',
  mayOverride: true,
  judge: ({ parts: { gitaly: part }, manifests, place: { isOther } }, { release }) => {
    if (!part) return [pass('The set leaves the repositories out.')];
    if (isOther && !release.known) {
      return [
        notChecked(
          `Where Gitaly there keeps its backups is not known: ${release.why}.`,
          'Look at its values.',
        ),
      ];
    }
    const bucket = release.known ? release.value.gitaly.bucket : undefined;
    if (bucket !== part.bucket && (bucket !== undefined || isOther)) {
      return [
        refuse(
          `Gitaly keeps its backups in ${bucket ?? 'no bucket'} ${isOther ? 'there' : 'now'}, and those of the set lie in ${part.bucket}.`,
          isOther
            ? 'Set gitlab.gitaly.backup.goCloudUrl of that GitLab to that bucket, and let its role read there and nothing else.'
            : 'Set gitlab.gitaly.backup.goCloudUrl to that bucket until the restore is over.',
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
    const { found, isAll, storages } = manifests.value;
    const missing = release.known
      ? storages.filter((name) => !release.value.gitaly.storages.includes(name))
      : [];
    if (missing.length > 0) {
      return [
        refuse(
          `There is no storage ${missing.join(', ')}; its repositories would be restored nowhere.`,
          'Give the storages of Gitaly the names that they had.',
        ),
      ];
    }
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

const ROWS: readonly NativeRow[] = [place, parts, nativeDatabase, nativeEndpoint, nativeObjects, gitaly];

/** The rules over what was gathered of this set. */
export const nativeRules = (view: NativeView): readonly RestoreRule[] =>
  ROWS.map(({ judge, ...row }) => ({ ...row, judge: (facts) => judge(view, facts) }));
