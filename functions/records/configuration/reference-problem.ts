import type { Backup } from './backup.ts';
import type { Deployment } from './deployment.ts';
import type { Upgrade } from './upgrade.ts';

/** A reference that leads nowhere, or a contradiction: where it stands and what is wrong, for a person. */
export interface ReferenceProblem {
  readonly path: readonly string[];
  readonly message: string;
  /** What was written, and what could have been meant: for a "did you mean". */
  readonly written?: string;
  readonly known?: readonly string[];
}

/** The sections in which references are looked up, before or after defaults are filled. */
export interface ReferencedSections {
  readonly sites: Readonly<Record<string, unknown>>;
  readonly environments: Readonly<
    Record<string, { readonly site?: string | undefined; readonly cluster: { readonly name: string } }>
  >;
  readonly registries: Readonly<Record<string, { readonly host: string }>>;
  readonly sources: Readonly<
    Record<string, { readonly site?: string | undefined; readonly registry?: string | undefined }>
  >;
  readonly deployment?: Deployment | undefined;
  readonly upgrade?: Upgrade | undefined;
  readonly backup?: Backup | undefined;
}
