import type { ByteSource } from '../archive/byte-source.ts';
import type { InnerFile } from './contents.ts';
import type { InformationEvidence } from './evidence.ts';
import { MAX_INFORMATION_BYTES, readInformation } from './information.ts';

/** Reads `backup_information.yml` out of the archive, in one read; a file larger than GitLab writes is not read. */
export const readInformationFile = async (
  source: ByteSource,
  { start, size }: InnerFile,
  signal?: AbortSignal,
): Promise<InformationEvidence> => {
  if (size > MAX_INFORMATION_BYTES) return { state: 'too-large', size };
  const read = readInformation(await source.read(start, size, signal));
  return 'information' in read
    ? { state: 'read', information: read.information }
    : { state: 'unreadable', mistake: read.mistake };
};
