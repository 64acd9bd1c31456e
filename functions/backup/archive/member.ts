/** One member of a tar archive, by its headers alone. Offsets and sizes are bytes from the start of the archive. */
export interface Member {
  /** As written, long names and pax paths applied, without a leading `./`. */
  readonly name: string;
  /** Where its first header block stands, that of a long name included. */
  readonly start: number;
  /** Where its content begins. */
  readonly body: number;
  /** Bytes of its content. */
  readonly size: number;
  /** Where the next member's first header block stands. */
  readonly next: number;
  readonly type: 'file' | 'directory' | 'link' | 'other';
}
