/** One row of a can/cannot table: may it, in which namespace? An empty namespace means all of them. */
export interface AccessRow {
  readonly allowed: boolean;
  readonly verb: string;
  /** API group, empty for the core. */
  readonly group: string;
  /** Plural name, with a subresource after a slash. */
  readonly resource: string;
  readonly namespace: string;
  readonly why: string;
}

/** What must be refused although something near it is allowed. */
export interface ForbiddenAccess {
  readonly group: string;
  readonly resource: string;
  readonly verbs: readonly string[];
  readonly why: string;
}
