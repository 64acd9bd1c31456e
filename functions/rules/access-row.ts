/** One row of a can/cannot table: may it, in which namespace? An empty namespace means all of them. */
export interface AccessRow {
  readonly allowed: boolean;
  readonly verb: string;
  /** API group, empty for the core. */
  readonly group: string;
  /** Plural name, with a subresource after a slash. */
  readonly resource: string;
  /** Of one object alone. */
  readonly name?: string;
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

/** Rights that belong together. */
export interface AllowedAccess {
  /** API group, empty for the core. */
  readonly group: string;
  /** Plural names, with a subresource after a slash. */
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  readonly why: string;
}

/**
 * The rows of rights that are given in one namespace alone.
 *
 * @param others namespaces that are not given; every right is shown to end at them, and at the whole cluster.
 */
export const listNamespacedAccess = (
  {
    given,
    forbidden,
  }: { readonly given: readonly AllowedAccess[]; readonly forbidden: readonly ForbiddenAccess[] },
  namespace: string,
  others: readonly string[],
): readonly AccessRow[] => {
  const rights = given.flatMap(({ group, resources, verbs, why }) =>
    resources.flatMap((resource) => verbs.map((verb) => ({ verb, group, resource, why }))),
  );
  const refused = forbidden.flatMap(({ group, resource, verbs, why }) =>
    verbs.map((verb) => ({ verb, group, resource, why })),
  );
  return [
    ...rights.map((row) => ({ ...row, allowed: true, namespace })),
    ...refused.map((row) => ({ ...row, allowed: false, namespace })),
    ...[...others, ''].flatMap((other) =>
      rights.map((row) => ({
        ...row,
        allowed: false,
        namespace: other,
        why: 'not a namespace that was given',
      })),
    ),
  ];
};
