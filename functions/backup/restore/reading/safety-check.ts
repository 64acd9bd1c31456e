import type { RestorePrecheck, RestoreTarget } from '../../../records/backup/restore-plan.ts';
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
      remedy: `Set global.appConfig.backups.bucket of that GitLab to ${bucket} until the restore is over.`,
      stops: true,
    },
  ];
};

/**
 * What it empties must belong to nobody else, by the same rule as the place of a drill: a scratch that was made of copied
 * values would empty the buckets and the database of people. A person may answer for a GitLab that people use, whose
 * server is often that of others; for a scratch nobody may.
 */
export const judgeShared = (
  { shared }: Pick<RestoreInspection, 'shared'>,
  { kind }: Pick<RestoreTarget, 'kind'>,
  { overrides }: Pick<RestoreRequest, 'overrides'>,
): RestorePrecheck[] => {
  if (shared.known && shared.value.length === 0) return [];
  const given = overrides.find(({ check }) => check === OWN_PLACES)?.why;
  const override = kind === 'environment' ? given : undefined;
  const row = {
    code: OWN_PLACES,
    remedy: 'Give that GitLab buckets, servers and addresses of its own.',
    stops: override === undefined,
    ...(override === undefined ? {} : { override }),
  };
  if (!shared.known) {
    const message = `Whether it shares anything with a GitLab that people use could not be learned, since ${shared.why}.`;
    return [{ ...row, outcome: 'not-checked', message }];
  }
  const message = `A restore empties what it finds there, and not all of that is its own. ${shared.value.join(' ')}`;
  return [{ ...row, outcome: 'refuse', message }];
};

const OWN_PLACES = 'own-places';
