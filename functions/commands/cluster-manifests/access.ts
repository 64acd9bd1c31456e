import type { AccessRow } from '../../rules/access-row.ts';

/** What the command is asked for, and what each capability has to say. */

export interface Given {
  readonly namespaces: readonly string[];
  readonly helmNamespaces: readonly string[];
  /** Of GitLabs in which drills are carried out. */
  readonly drillNamespaces: readonly string[];
  /** Files. */
  readonly values: readonly string[];
  readonly release: string;
  /** Are the rights of a restore wanted as well? */
  readonly isRestored: boolean;
}

/** The rights of one group, which is named where there are several. */
export interface Table {
  readonly group?: string;
  readonly rows: readonly AccessRow[];
}

export type Access =
  | { readonly problem: string }
  | { readonly objects: () => readonly object[]; readonly tables: () => readonly Table[] };
