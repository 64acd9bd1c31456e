import { ARCHIVE_COMPONENTS, BUCKET_COMPONENTS } from '../../records/backup/components.ts';
import type { BackupSet } from '../../records/backup/set.ts';
import type { VerificationReason } from '../../records/backup/verification.ts';
import type { Policy } from '../marks/expected-parts.ts';
import { judgeParts } from '../marks/judge-native.ts';
import { recoveryPointSubject } from '../marks/subjects.ts';
import type { KnownOfBackup } from './verification-record.ts';

/**
 * Judges the parts of a set that are no archive, by the policy as it was when the set was made: what has been moved from
 * the archive to the versions of its bucket since then lies in the archive of this one, and a recovery point that is named
 * since then is none of its parts.
 */
export const judgeOtherParts = (
  set: BackupSet,
  { settings, policySettings }: Policy,
  { skipped, off, problems, log, recoveryPoints = settings.recoveryPoints }: KnownOfBackup,
  now: Date,
): VerificationReason[] => {
  const isOfSet = ({ vault, resource }: Policy['settings']['recoveryPoints'][number]): boolean =>
    recoveryPoints.some((point) => point.vault === vault && point.resource === resource);
  const later = settings.recoveryPoints
    .filter((point) => !isOfSet(point))
    .map(({ resource }) => recoveryPointSubject(resource));
  const then: Policy = {
    settings: { ...settings, recoveryPoints: settings.recoveryPoints.filter(isOfSet) },
    policySettings: {
      ...policySettings,
      kind: set.kind,
      skip: ARCHIVE_COMPONENTS.filter((name) => set.skip.includes(name)),
      versions: BUCKET_COMPONENTS.filter((name) => skipped.includes(name) && !set.skip.includes(name)),
    },
  };
  return judgeParts(set, then, {
    now,
    off,
    written: log?.repositories?.projects,
    problems: problems?.filter(({ subject }) => !later.includes(subject)),
  });
};
