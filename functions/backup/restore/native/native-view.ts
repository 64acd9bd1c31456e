import type { BucketVersions } from '../../../clients/bucket-facts.ts';
import type { InstanceState } from '../../../clients/database-restore.ts';
import type { DatabaseSnapshot } from '../../../clients/databases.ts';
import type { BackupPart } from '../../../records/backup/set-parts.ts';
import type { Known } from '../../preflight/facts.ts';

/** What is gathered before a native set is restored, beside what is gathered before every restore. */

type Of<Kind extends BackupPart['kind']> = Extract<BackupPart, { kind: Kind }>;

/** The parts of a set by what they are; a part that it has not is absent. */
export interface NativeParts {
  readonly database?: Of<'database'>;
  readonly buckets: readonly Of<'bucket'>[];
  readonly gitaly?: Of<'gitaly'>;
}

/** Where the parts of a set go, by drydock.yaml: there are no rights on anything else. */
export interface NativePlace {
  /** Is it another one than that of the set? */
  readonly isOther: boolean;
  /** Identifier of its database. */
  readonly instance: string | undefined;
  /** Buckets into which our role may write; `*` gives no right. */
  readonly buckets: readonly string[];
}

export interface NativeView {
  readonly parts: NativeParts;
  readonly place: NativePlace;
  /** Buckets that our role may read, as drydock.yaml has them; `*` gives no right. */
  readonly sourceBuckets: readonly string[];
  /** Identifiers of this run. */
  readonly names: { readonly interim: string; readonly kept: string };
  readonly database: Known<{
    /** Of which the set is; that of the place, unless it is another one. */
    readonly origin: InstanceState | undefined;
    readonly main: InstanceState | undefined;
    readonly interim: InstanceState | undefined;
    readonly kept: InstanceState | undefined;
  }>;
  /** Undefined: there is none any more. */
  readonly snapshot: Known<DatabaseSnapshot | undefined>;
  /** Whether the key that encrypts the backup can be used; undefined where there is none. */
  readonly key: Known<{ readonly usable: boolean; readonly reason: string } | undefined>;
  readonly buckets: readonly {
    readonly component: string;
    readonly bucket: string;
    readonly versions: Known<BucketVersions>;
    /** Of the first thousand versions: how many objects lie in a class from which nothing is copied at once. */
    readonly archived: Known<number>;
  }[];
  /**
   * How many manifests of this set were seen among the first names, and of which storages; the list may be longer than what
   * was read.
   */
  readonly manifests: Known<{
    readonly found: number;
    readonly isAll: boolean;
    readonly storages: readonly string[];
  }>;
}

/** Parts a set. */
export const partsOf = (parts: readonly BackupPart[]): NativeParts => {
  const database = parts.find((part) => part.kind === 'database');
  const gitaly = parts.find((part) => part.kind === 'gitaly');
  return {
    ...(database ? { database } : {}),
    buckets: parts.filter((part) => part.kind === 'bucket'),
    ...(gitaly ? { gitaly } : {}),
  };
};
