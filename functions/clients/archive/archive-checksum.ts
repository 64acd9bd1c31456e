import type { Checksum } from '@aws-sdk/client-s3';
import type { ArchiveObject } from '../../records/backup/verification.ts';

/** Strongest first: an object has one by its writer, and may have one that S3 added. */
const ALGORITHMS = [
  'SHA512',
  'SHA256',
  'CRC64NVME',
  'XXHASH128',
  'XXHASH3',
  'XXHASH64',
  'SHA1',
  'MD5',
  'CRC32C',
  'CRC32',
] as const;

/**
 * Picks the checksum that S3 keeps of an object; undefined when it keeps none, as of objects from before 2024-12.
 *
 * @param type as S3 names it; older answers do not, and end the composite ones with the number of parts: `...=-12`.
 */
export const readChecksum = (
  answer: Checksum,
  type: 'FULL_OBJECT' | 'COMPOSITE' | undefined,
): ArchiveObject['checksum'] => {
  const algorithm = ALGORITHMS.find((each) => answer[`Checksum${each}`] !== undefined);
  const value = algorithm && answer[`Checksum${algorithm}`];
  if (algorithm === undefined || value === undefined) return undefined;
  const isComposite = type === undefined ? /-\d+$/.test(value) : type === 'COMPOSITE';
  return { algorithm, value, type: isComposite ? 'composite' : 'full-object' };
};
