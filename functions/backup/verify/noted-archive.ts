import type { BackupSet } from '../../records/backup/set.ts';
import type { Verification } from '../../records/backup/verification.ts';
import { sumSizes } from '../run/set-moves.ts';

/** `backup-utility` writes at the root of its bucket, whatever the id. */
export const archiveKey = ({ id }: Pick<BackupSet, 'id'>): string => `${id}_gitlab_backup.tar`;

/** Where the archive of a set lies: in the version that was noted, and before that under its name. */
export const locateSetArchive = (
  set: Pick<BackupSet, 'id' | 'parts'>,
  bucket: string,
): { readonly bucket: string; readonly key: string; readonly versionId?: string } => {
  const part = set.parts.find(({ kind }) => kind === 'archive');
  if (part?.kind !== 'archive') return { bucket, key: archiveKey(set) };
  const { versionId } = part.object;
  return {
    bucket: part.object.bucket,
    key: part.object.key,
    ...(versionId === undefined ? {} : { versionId }),
  };
};

/**
 * Notes in a set the archive that was read, as it lies there now. One that nobody could describe is no part, and what was
 * noted of it before stays.
 *
 * @param takenAt the moment for which the archive holds: when its Job began.
 */
export const noteArchive = (
  set: BackupSet,
  { archive: object, parts: contents, dumps }: Pick<Verification, 'archive' | 'parts' | 'dumps'>,
  takenAt: string,
): BackupSet => {
  if (object.etag === '') return set;
  const before = set.parts.find(({ kind }) => kind === 'archive');
  const was = before?.kind === 'archive' ? before : undefined;
  const part = {
    kind: 'archive' as const,
    takenAt: was?.takenAt ?? takenAt,
    object,
    // Of one that could not be read this time, what was seen in it before.
    contents: contents.length > 0 ? contents : (was?.contents ?? []),
    ...(dumps.length > 0 ? { dumps } : was?.dumps ? { dumps: was.dumps } : {}),
  };
  const parts = [part, ...set.parts.filter(({ kind }) => kind !== 'archive')];
  const size = sumSizes({ parts });
  return { ...set, parts, ...(size === undefined ? {} : { size }) };
};

/** What S3 said of it at the verification before; undefined before there was one. */
export const notedChecksum = ({ parts }: Pick<BackupSet, 'parts'>): Verification['archive']['checksum'] =>
  parts.flatMap((part) => (part.kind === 'archive' ? (part.object.checksum ?? []) : []))[0];
