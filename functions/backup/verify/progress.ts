import type { Verification } from '../../records/backup/verification.ts';
import type { ByteSource } from '../archive/byte-source.ts';

/** How far a verification is, for a person who waits: reads so far, those of earlier runs included, or bytes of a dump. */
export type Progress =
  | { readonly reads: Verification['reads'] }
  | { readonly file: string; readonly read: number; readonly size: number };
export type OnProgress = (progress: Progress) => void;

/** Tells of each read, once its bytes are here. */
export const watchSource = (
  source: ByteSource,
  before: Verification['reads'],
  onProgress: OnProgress | undefined,
): ByteSource => {
  if (!onProgress) return source;
  let { requests, bytes } = before;
  return {
    size: source.size,
    read: async (start, length, signal) => {
      const read = await source.read(start, length, signal);
      requests += 1;
      bytes += read.length;
      onProgress({ reads: { requests, bytes } });
      return read;
    },
  };
};
