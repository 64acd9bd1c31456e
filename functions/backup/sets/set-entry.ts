import type { BackupSet } from '../../records/backup/set.ts';
import type { BackupSetEntry } from '../../records/backup/set-index.ts';

/** A set as its index lists it. */
export const summariseSet = (set: BackupSet): BackupSetEntry => {
  const lockedUntil = lastOf(locksOf(set));
  return {
    id: set.id,
    policy: set.policy,
    kind: set.kind,
    state: set.state,
    skip: set.skip,
    takenAt: set.takenAt ?? set.startedAt,
    needs: set.needs,
    legalHold: set.legalHold !== undefined,
    ...(set.verification ? { verifiedAt: set.verification.at } : {}),
    ...(set.size === undefined ? {} : { size: set.size }),
    ...(set.endedAt === undefined
      ? {}
      : { duration: Math.max(0, Date.parse(set.endedAt) - Date.parse(set.startedAt)) }),
    ...(lockedUntil === undefined ? {} : { lockedUntil }),
  };
};

/** S3 refuses to delete a version while it is locked, and AWS Backup a recovery point in a locked vault. */
const locksOf = ({ parts, copies }: BackupSet): (string | undefined)[] => [
  ...parts.map((part) =>
    part.kind === 'archive'
      ? part.object.lockedUntil
      : part.kind === 'recovery-point'
        ? part.lockedUntil
        : undefined,
  ),
  ...copies.map(({ object }) => object?.lockedUntil),
];

const lastOf = (times: readonly (string | undefined)[]): string | undefined =>
  times.flatMap((time) => time ?? []).toSorted((a, b) => Date.parse(b) - Date.parse(a))[0];
