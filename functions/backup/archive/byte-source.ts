/**
 * One version of one object, read by ranges.
 *
 * Every read is of the version that was described first: an object that was overwritten meanwhile is RefusedError
 * `archive.changed`, one that is gone `archive.gone`. What may pass (503, slow, cut) was tried again before it is
 * TransientError `archive.unavailable`.
 */
export interface ByteSource {
  /** Bytes of the whole object. */
  readonly size: number;
  /** Exactly `length` bytes from `start`; fewer only where the object ends. */
  read(start: number, length: number, signal?: AbortSignal): Promise<Uint8Array>;
}
