import type * as z from 'zod';
import { openArchiveRemoval } from '../clients/archive-removal.ts';
import type { Ledger } from '../clients/ledger.ts';
import type { Locks } from '../clients/locks.ts';
import { openSnapshotRemoval } from '../clients/snapshot-removal.ts';
import { placeOf } from '../records/backup/restore-plan.ts';
import { backupLock } from '../records/backup/set.ts';
import {
  MAX_DELETION_CALLS,
  type UpkeepPlan,
  upkeepPlanKey,
  upkeepPlanKind,
} from '../records/backup/upkeep.ts';
import { readConfiguration } from '../runtime/configuration.ts';
import { DefectError } from '../runtime/errors.ts';
import { type Invocation, makeLambda } from '../runtime/lambda.ts';
import * as contract from './delete-sets.contract.ts';
import { type DeletionDeps, deleteSet } from './upkeep/delete-set.ts';
import { type KeptEnvironment, listKept } from './upkeep/kept-environments.ts';
import { wireLedger } from './wiring.ts';

/** Milliseconds that a set may need; with less left the machine calls again. */
const SET_MS = 60_000;
/** Waits for a backup or a restore at work: two hours, then its environment is left to the next night. */
const MAX_WAITS = 24;
const WAIT_SECONDS = 300;

interface Deps extends DeletionDeps {
  readonly environments: readonly KeptEnvironment[];
  readonly ledger: Ledger;
  readonly locks: Locks;
}

type Input = z.output<typeof contract.Input>;
type Output = z.input<typeof contract.Output>;
type Cursor = Input['from'];

/**
 * Deletes what tonight's plans want gone, as far as the time of one call goes, under the lock of the environment: neither
 * a backup nor a restore of it is at work meanwhile. A set that may not go, or does not, hides no other.
 */
export const run = async (
  { execution, environments, from }: Input,
  deps: Deps,
  { log, signal, remainingMs }: Pick<Invocation, 'log' | 'signal' | 'remainingMs'>,
): Promise<Output> => {
  let cursor: Cursor = { ...from, calls: from.calls + 1 };
  let deleted = 0;
  const answer = (outcome: Output['outcome'], waitSeconds = 0): Output => ({
    outcome: outcome !== 'done' && cursor.calls >= MAX_DELETION_CALLS ? 'done' : outcome,
    from: cursor,
    waitSeconds,
    deleted,
  });
  while (cursor.environment < environments.length) {
    const environment = environments[cursor.environment] ?? '';
    const kept = deps.environments.find((one) => one.environment === environment);
    const plan = await readPlan(environment, execution.name, deps);
    const next = findNext(plan, cursor.decision);
    if (!kept || next === undefined) {
      cursor = { ...cursor, environment: cursor.environment + 1, decision: 0, waits: 0 };
      continue;
    }
    const held = await lock(environment, execution.arn, deps);
    try {
      if (!held) {
        if (cursor.waits < MAX_WAITS) {
          cursor = { ...cursor, waits: cursor.waits + 1 };
          return answer('waiting', WAIT_SECONDS);
        }
        log.warn('Left to the next night: a backup or a restore is at work.', { environment });
        cursor = { ...cursor, environment: cursor.environment + 1, decision: 0, waits: 0 };
        continue;
      }
      const policies = policiesOf(plan, kept);
      for (let at: number | undefined = next; at !== undefined; at = findNext(plan, at + 1)) {
        cursor = { ...cursor, decision: at };
        if (remainingMs() < SET_MS) return answer('unfinished');
        // Whoever ended this execution freed its locks, while this Lambda lives on.
        if (!(await isHeld(held, execution.arn, deps))) return answer('waiting', WAIT_SECONDS);
        const decision = plan.decisions[at];
        if (!decision) break;
        const result = await deleteSet({ decision, kept, policies, execution }, deps, signal);
        if (result.outcome === 'deleted') deleted += 1;
        log.info(result.outcome === 'deleted' ? decision.reason : result.reason, {
          environment,
          target: decision.set,
          outcome: result.outcome,
        });
      }
      cursor = { ...cursor, decision: plan.decisions.length };
    } finally {
      if (held) await unlock(held, execution.arn, deps);
    }
  }
  return answer('done');
};

const readPlan = async (environment: string, execution: string, { ledger }: Deps): Promise<UpkeepPlan> => {
  const stored = await ledger.read(upkeepPlanKind, upkeepPlanKey(environment, execution));
  if (stored) return stored.value;
  throw new DefectError('plan.missing', `There is no plan of ${execution} for ${environment} in the ledger.`);
};

const findNext = ({ decisions }: UpkeepPlan, from: number): number | undefined => {
  const found = decisions.findIndex(({ action }, index) => index >= from && action === 'delete');
  return found < 0 ? undefined : found;
};

const policiesOf = ({ decisions }: UpkeepPlan, { policies }: KeptEnvironment): string[] => [
  ...new Set([...policies.map(({ name }) => name), ...decisions.map(({ policy }) => policy)]),
];

/** What is restored from sets of an environment is locked under its own name, or under that of its scratch. */
const locksOf = (environment: string): string[] =>
  (['environment', 'scratch'] as const).map((kind) => backupLock(placeOf({ kind, environment })));

/** Fencing tokens by the names of the locks; undefined when somebody else has one of them. */
const lock = async (
  environment: string,
  owner: string,
  deps: Deps,
): Promise<ReadonlyMap<string, number> | undefined> => {
  const tokens = new Map<string, number>();
  for (const name of locksOf(environment)) {
    const taken = await deps.locks.acquire(name, owner);
    if (!taken.ok) {
      await unlock(tokens, owner, deps);
      return undefined;
    }
    tokens.set(name, taken.lock.token);
  }
  return tokens;
};

const isHeld = async (
  tokens: ReadonlyMap<string, number>,
  owner: string,
  { locks }: Deps,
): Promise<boolean> => {
  const held = await Promise.all([...tokens].map(([name, token]) => locks.isHeld(name, owner, token)));
  return held.every(Boolean);
};

const unlock = async (tokens: ReadonlyMap<string, number>, owner: string, { locks }: Deps): Promise<void> => {
  for (const name of tokens.keys()) await locks.release(name, owner);
};

export const handler = makeLambda({
  contract,
  deps: ({ LEDGER_BUCKET }) => ({
    ...wireLedger(LEDGER_BUCKET),
    environments: listKept(readConfiguration()),
    openRemoval: openArchiveRemoval,
    snapshots: openSnapshotRemoval(),
  }),
  run,
});
