import type { SecretNeedWord, SecretPurpose } from '../../records/backup/secret-fingerprints.ts';

/** One secret that belongs to a set. */
export interface SecretNeed {
  /** What it is, the same in every environment: its name without the release, or the path that names it. */
  readonly id: string;
  /** Its name in the cluster. */
  readonly name: string;
  readonly need: SecretNeedWord;
  readonly purpose: SecretPurpose;
  /** What is lost without it, as a sentence. */
  readonly why: string;
  /** The path of the values that names it; absent for a name that the chart makes. */
  readonly namedBy?: string;
}

/** What was found of a secret in the cluster. */
export type SecretContent =
  | { readonly state: 'read'; readonly data: Readonly<Record<string, Uint8Array>> }
  | { readonly state: 'absent' }
  /** @property why never holds a value. */
  | { readonly state: 'unreadable'; readonly why: string };
