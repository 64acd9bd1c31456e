import type { RestorePrecheck } from '../../../records/backup/restore-plan.ts';
import type { RestoreRequest } from '../../../records/backup/restore-request.ts';
import type { BackupKind, BackupSet } from '../../../records/backup/set.ts';
import type { RestoreInspection } from './inspection.ts';
import { chooseSafetyPolicy, type RestoreSubject } from './restore-subject.ts';

/** Prechecks that go by drydock.yaml: the way back, and whether the tool finds the archive where it looks. */

/** Can what stands there be saved before it is replaced? A scratch holds nothing that anybody misses. */
export const judgeSafety = (
  { target, owner }: Pick<RestoreSubject, 'target' | 'owner'>,
  { overrides }: Pick<RestoreRequest, 'overrides'>,
  kind: BackupKind = 'tar',
): RestorePrecheck[] => {
  if (target.kind === 'scratch' || chooseSafetyPolicy(owner.settings.policies, kind)) return [];
  const override = overrides.find(({ check }) => check === 'safety-backup')?.why;
  return [
    {
      code: 'safety-backup',
      outcome: 'refuse',
      message:
        kind === 'native'
          ? `No policy of ${target.environment} backs up its repositories, so those that stand there could not be put back.`
          : `No policy of ${target.environment} makes an archive of database and repositories, so what stands there could not be put back.`,
      remedy: `Add one of kind ${kind} to drydock.yaml, even if it never runs by itself.`,
      stops: override === undefined,
      ...(override === undefined ? {} : { override }),
    },
  ];
};

/** In drydock.yaml: any bucket of the account, into which no role may write. */
const ANY_BUCKET = '*';

/** Can the objects be put back that the tool replaces? Only into buckets that somebody has named. */
export const judgeWayBack = ({
  target,
  owner,
}: Pick<RestoreSubject, 'target' | 'owner'>): RestorePrecheck[] => {
  if (target.kind === 'scratch' || !owner.settings.sourceBuckets.includes(ANY_BUCKET)) return [];
  return [
    {
      code: 'way-back',
      outcome: 'warn',
      message: `No bucket of ${target.environment} is named in drydock.yaml, so objects that this restore replaces could be put back by hand alone.`,
      remedy: `Name them in backup.environments.${target.environment}.sourceBuckets, and deploy the site.`,
      stops: false,
    },
  ];
};

/** The toolbox fetches the archive by its id from the bucket that its own values name, and from no other. */
export const judgeArchivePlace = (
  { parts }: Pick<BackupSet, 'parts'>,
  { release }: Pick<RestoreInspection, 'release'>,
): RestorePrecheck[] => {
  const archive = parts.find(({ kind }) => kind === 'archive');
  const bucket = archive?.kind === 'archive' ? archive.object.bucket : undefined;
  const looked = release.state === 'read' ? release.backupBucket : undefined;
  if (bucket === undefined || looked === undefined || bucket === looked) return [];
  return [
    {
      code: 'archive-place',
      outcome: 'refuse',
      message: `The archive lies in ${bucket}, and the toolbox there looks for it in ${looked}.`,
      remedy: `Set global.appConfig.backups.bucket of that GitLab to ${bucket} for the time.`,
      stops: true,
    },
  ];
};

/** A scratch that was made of copied values would have its restore empty the buckets and the database of people. */
export const judgeShared = ({ shared }: Pick<RestoreInspection, 'shared'>): RestorePrecheck[] => {
  const remedy = 'Give that GitLab buckets and a database of its own.';
  const row = { code: 'own-places', remedy, stops: true };
  if (!shared.known) {
    const message = `Whether it shares buckets or a database with the GitLab of the backup could not be learned, since ${shared.why}.`;
    return [{ ...row, outcome: 'not-checked', message }];
  }
  if (shared.value.length === 0) return [];
  const message = `It shares with the GitLab of the backup: ${shared.value.join(', ')}. A restore empties them, and that one stands there still.`;
  return [{ ...row, outcome: 'refuse', message }];
};
