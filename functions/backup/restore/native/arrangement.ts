/** Which database instance has which identifier, and how one arrangement becomes another by renaming. */

/** An instance as it was seen. */
export interface NamedInstance {
  readonly identifier: string;
  /** What stays the same under any name. Source: RDS API, `DbiResourceId`. */
  readonly resourceId: string;
  /** As RDS calls it: `available`. */
  readonly status: string;
  /** Is a change of its name under way? */
  readonly isRenaming: boolean;
}

/** The identifier that each instance is to have, by what stays the same of it. */
export type Arrangement = ReadonlyMap<string, string>;

type ArrangementVerdict =
  | { readonly state: 'done' }
  | { readonly state: 'rename'; readonly from: string; readonly to: string; readonly resourceId: string }
  | { readonly state: 'wait'; readonly message: string }
  /** @property why without its dot. */
  | { readonly state: 'failed'; readonly why: string };

/** RDS renames an instance in these, and in no other. Source: RDS User Guide, "Viewing Amazon RDS DB instance status". */
const READY: readonly string[] = ['available', 'storage-optimization', 'backing-up'];
export const isRenamable = ({ status }: { readonly status: string }): boolean => READY.includes(status);

/**
 * The next step towards an arrangement: one instance is renamed at a time, into an identifier that nobody has, so that
 * there are never two of one name and each look may find the work half done. While RDS renames an instance it is seen
 * under either name, or for a moment under none.
 *
 * @param seen what lies under the identifiers in question.
 */
export const nextRename = (goal: Arrangement, seen: readonly NamedInstance[]): ArrangementVerdict => {
  const found = new Map(seen.map((one) => [one.resourceId, one]));
  const wanted = [...goal.values()];
  const foreign = seen.find(
    ({ resourceId, identifier }) => !goal.has(resourceId) && wanted.includes(identifier),
  );
  if (foreign) {
    return { state: 'failed', why: `${foreign.identifier} is another instance, which nobody expected there` };
  }
  const unseen = [...goal].filter(([resourceId]) => !found.has(resourceId));
  if (unseen.length > 0) {
    return { state: 'wait', message: `waits for ${unseen.map(([, name]) => name).join(', ')} to be seen` };
  }
  const moving = seen.find((one) => goal.has(one.resourceId) && (one.isRenaming || !isRenamable(one)));
  if (moving) return { state: 'wait', message: `waits for ${moving.identifier}, which is ${moving.status}` };
  const taken = new Set(seen.map(({ identifier }) => identifier));
  const misplaced = [...goal].filter(([resourceId, name]) => found.get(resourceId)?.identifier !== name);
  if (misplaced.length === 0) return { state: 'done' };
  const next = misplaced.find(([, name]) => !taken.has(name));
  if (!next) {
    return {
      state: 'failed',
      why: `${misplaced.map(([, name]) => name).join(' and ')} stand in each other's way`,
    };
  }
  const [resourceId, to] = next;
  return { state: 'rename', from: found.get(resourceId)?.identifier ?? '', to, resourceId };
};
