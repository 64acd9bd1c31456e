import type { Ledger } from '../../clients/ledger.ts';
import type { Pauses } from '../../clients/pauses.ts';
import type { BackupSet } from '../../records/backup/set.ts';
import type { UpkeepDecision } from '../../records/backup/upkeep.ts';
import type { Execution } from '../../records/execution.ts';
import type { Clock } from '../../runtime/clock.ts';
import { RefusedError } from '../../runtime/errors.ts';
import { judgeDeletion } from '../retention/deletion.ts';
import type { SetStore } from '../sets/set-store.ts';
import { noteBegun, noteCalledOff, noteDeleted, noteRefused } from './deletion-note.ts';
import type { KeptEnvironment } from './kept-environments.ts';
import { lookAgain } from './last-look.ts';
import { readIndexes } from './listed-sets.ts';
import { type RemovalDeps, removeAll } from './removal.ts';
import { listRemovals } from './removal-list.ts';

export interface DeletionDeps extends RemovalDeps {
  readonly ledger: Pick<Ledger, 'read'>;
  readonly sets: SetStore;
  readonly pauses: Pick<Pauses, 'judge'>;
  readonly clock: Clock;
}

interface DeletionRequest {
  readonly decision: UpkeepDecision;
  readonly kept: KeptEnvironment;
  /** Names of all policies of the environment that have sets. */
  readonly policies: readonly string[];
  readonly execution: Execution;
}

/** `kept`: it may not go, or not now. `refused`: a lock, or a right that is missing, stood in the way. */
type DeletionResult =
  | { readonly outcome: 'deleted' }
  | { readonly outcome: 'kept' | 'refused'; readonly reason: string };

/**
 * Deletes one set that a plan wants gone: asked again in the same moment in which the deletion is noted in its manifest,
 * so that no hold comes in between; then against all other sets; then object by object. Whoever dies in the middle leaves
 * a set that says so, and the next call goes on.
 */
export const deleteSet = async (
  request: DeletionRequest,
  deps: DeletionDeps,
  signal: AbortSignal,
): Promise<DeletionResult> => {
  const { decision, kept, policies } = request;
  const { environment } = kept;
  const reference = { environment, id: decision.set };
  const pause = await deps.pauses.judge({ capability: 'backup', environment, target: decision.policy });
  if (!pause.ok) return { outcome: 'kept', reason: `Backups are ${pause.reason}.` };

  const begun = await begin(request, deps);
  if ('reason' in begun) return { outcome: 'kept', reason: begun.reason };
  const indexes = await readIndexes(environment, policies, deps.ledger);
  const now = deps.clock.now();
  const needed = await findBuiltOn(decision, environment, deps);
  const verdict =
    needed === undefined
      ? await lookAgain(begun.set, kept, indexes, { sets: deps.sets, now })
      : { ok: false as const, reason: `The set ${needed} builds on it.` };
  if (!verdict.ok) {
    await deps.sets.change(reference, (set) => noteCalledOff(set, begun.before));
    return { outcome: 'kept', reason: verdict.reason };
  }
  const refusal = await remove(begun.set, kept, deps, signal);
  if (refusal) {
    await deps.sets.change(reference, (set) => noteRefused(set, refusal));
    return { outcome: 'refused', reason: refusal.message };
  }
  await deps.sets.change(reference, (set) => noteDeleted(set, deps.clock.now()));
  return { outcome: 'deleted' };
};

const begin = async (
  { decision, kept: { environment }, execution }: DeletionRequest,
  { sets, clock }: DeletionDeps,
): Promise<
  { readonly set: BackupSet; readonly before: BackupSet['deletion'] } | { readonly reason: string }
> => {
  let reason: string | undefined;
  let before: BackupSet['deletion'];
  const set = await sets.change({ environment, id: decision.set }, (current) => {
    const verdict = judgeDeletion(decision, current, clock.now());
    reason = verdict.ok ? undefined : verdict.reason;
    before = current.deletion;
    return verdict.ok ? noteBegun(current, decision.reason, execution, clock.now()) : undefined;
  });
  return reason === undefined ? { set, before } : { reason };
};

/** A set that builds on this one and is still there. */
const findBuiltOn = async (
  { after }: UpkeepDecision,
  environment: string,
  { sets }: DeletionDeps,
): Promise<string | undefined> => {
  const there = await Promise.all(after.map((id) => sets.read({ environment, id })));
  return there.find((set) => set && set.state !== 'deleted')?.id;
};

/** What needs a person is noted as well; what may pass is thrown, and tried again. */
const remove = async (
  set: BackupSet,
  { settings, region }: KeptEnvironment,
  deps: DeletionDeps,
  signal: AbortSignal,
): ReturnType<typeof removeAll> => {
  try {
    return await removeAll(listRemovals(set, settings, region), deps, deps.clock.now(), signal);
  } catch (error) {
    if (error instanceof RefusedError) return { message: error.message };
    throw error;
  }
};
