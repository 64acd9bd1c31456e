import type { Executions } from '../../clients/executions.ts';
import { type Ledger, updateRecord } from '../../clients/ledger.ts';
import {
  type BackupSetEntry,
  type BackupSetIndex,
  backupSetIndexKey,
  backupSetIndexKind,
} from '../../records/backup/set-index.ts';
import type { UpkeepPlan } from '../../records/backup/upkeep.ts';
import type { Clock } from '../../runtime/clock.ts';
import { isDrydockError } from '../../runtime/errors.ts';
import { planRetention } from '../retention/retention-plan.ts';
import { openSetIndex } from '../sets/set-list.ts';
import type { SetStore } from '../sets/set-store.ts';
import { listDue } from './due-sets.ts';
import { failEndedRun, judgeEndedRun } from './ended-run.ts';
import { correctIndex, planIndexRepair } from './index-repair.ts';
import type { KeptEnvironment } from './kept-environments.ts';
import { type KnownSet, knowSet, readKnownSets } from './known-sets.ts';
import { listKnownPolicies, readIndexes, retentionOf } from './listed-sets.ts';

interface SurveyDeps {
  readonly ledger: Ledger;
  readonly sets: SetStore;
  readonly executions: Pick<Executions, 'describe'>;
  readonly clock: Clock;
}

/** All of a plan but who planned it; of what is due, everything. */
export type Survey = Pick<
  UpkeepPlan,
  'environment' | 'dryRun' | 'decisions' | 'ended' | 'relisted' | 'problems'
> & { readonly due: readonly BackupSetEntry[] };

/**
 * Goes through all sets of an environment: puts right what a Lambda that died left behind, and decides what stays, what
 * goes and what is read again. It goes by the manifests. Where one of them can not be read nothing is deleted: it may be
 * the last good one, or the base of another.
 */
export const surveyEnvironment = async (
  { environment, settings, policies }: KeptEnvironment,
  isDryRun: boolean,
  deps: SurveyDeps,
): Promise<Survey> => {
  const { sets: found, unread } = await readKnownSets(environment, deps.ledger);
  const problems = unread.map((why) => `${why} Until then nothing of ${environment} is deleted.`);
  const note = noteProblems(problems);
  const { sets, ended } = await endRuns(environment, found, deps, note);
  const names = [...policies.map(({ name }) => name), ...(await listKnownPolicies(environment, deps.ledger))];
  const relisted = await repairIndexes(
    environment,
    [...names, ...sets.map(({ entry }) => entry.policy)],
    sets,
    deps,
    note,
  );
  const now = deps.clock.now();
  // Read again, since only now every policy has one.
  const { indexes } = await readEach(environment, names, deps, note);
  problems.push(...listForsaken(policies, indexes));
  const entries = sets.map(({ entry }) => entry);
  const dryRun = isDryRun || unread.length > 0;
  const planned = planRetention(entries, retentionOf(policies, indexes), { now, dryRun });
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  const decisions = planned.flatMap((decision) => {
    const entry = byId.get(decision.set);
    if (!entry) return [];
    const { state, takenAt } = entry;
    return [{ ...decision, after: [...decision.after], state, takenAt }];
  });
  const going = new Set(decisions.flatMap(({ set, action }) => (action === 'delete' ? [set] : [])));
  return {
    environment,
    dryRun,
    decisions,
    due: listDue(sets, settings.verifyEveryDays, ({ id }) => going.has(id), now),
    ended,
    relisted,
    problems,
  };
};

/** Policies that left drydock.yaml and have sets still: what keeps them for good is to be somebody's decision. */
const listForsaken = (
  policies: KeptEnvironment['policies'],
  indexes: ReadonlyMap<string, BackupSetIndex>,
): string[] =>
  [...indexes]
    .filter(([name, { sets }]) => sets.length > 0 && !policies.some((policy) => policy.name === name))
    .map(
      ([name]) =>
        `The policy ${name} is in drydock.yaml no more, so its sets are kept for good. Write it back with the retention that they shall have, or leave them.`,
    );

/** Runs a step for one record; one that can not be read or put right is told, and hides no other. */
type Note = <T>(step: () => Promise<T>) => Promise<T | undefined>;

const noteProblems =
  (problems: string[]): Note =>
  async (step) => {
    try {
      return await step();
    } catch (error) {
      if (!isDrydockError(error)) throw error;
      if (!problems.includes(error.message)) problems.push(error.message);
      return undefined;
    }
  };

const endRuns = async (
  environment: string,
  found: readonly KnownSet[],
  { sets, executions, clock }: SurveyDeps,
  note: Note,
): Promise<{ readonly sets: KnownSet[]; readonly ended: Survey['ended'] }> => {
  const ended: Survey['ended'] = [];
  const known: KnownSet[] = [];
  for (const set of found) {
    const { id, policy, state } = set.entry;
    const changed =
      state !== 'running'
        ? undefined
        : await note(async () => {
            const now = clock.now();
            const reason = judgeEndedRun(set, await executions.describe(set.execution.arn), now);
            if (reason === undefined) return undefined;
            const after = await sets.change({ environment, id }, (one) => failEndedRun(one, reason, now));
            if (after.state === 'failed') ended.push({ set: id, policy, reason });
            return after;
          });
    known.push(changed ? knowSet(changed) : set);
  }
  return { sets: known, ended };
};

const readEach = async (
  environment: string,
  names: readonly string[],
  { ledger }: SurveyDeps,
  note: Note,
) => {
  const indexes = new Map<string, BackupSetIndex>();
  const unread: string[] = [];
  for (const name of new Set(names)) {
    const read = await note(() => readIndexes(environment, [name], ledger));
    if (!read) unread.push(name);
    for (const [policy, index] of read ?? []) indexes.set(policy, index);
  }
  return { indexes, unread };
};

/**
 * Brings every index in step with the manifests. A change that changes nothing writes entry and gate record anew, whoever
 * else is at it.
 */
const repairIndexes = async (
  environment: string,
  names: readonly string[],
  sets: readonly KnownSet[],
  deps: SurveyDeps,
  note: Note,
): Promise<string[]> => {
  const relisted: string[] = [];
  const { indexes, unread } = await readEach(environment, names, deps, note);
  const entries = Map.groupBy(
    sets.map(({ entry }) => entry),
    ({ policy }) => policy,
  );
  for (const policy of new Set(names)) {
    if (unread.includes(policy)) continue;
    const index = indexes.get(policy);
    const { missing, wrong, left, orphans } = planIndexRepair(index, entries.get(policy) ?? []);
    const gone = await findGone(environment, orphans, deps, note);
    if (missing.length > 0 || gone.length > 0 || (index && index.left !== left)) {
      await note(() => writeIndex(environment, policy, missing, { gone, left }, deps));
    }
    const [newest] = missing;
    // The gate goes by all of them, so one that came back stands for the others.
    for (const id of newest ? [...wrong, newest.id] : wrong) {
      await note(() => deps.sets.change({ environment, id }, () => undefined));
    }
    relisted.push(...missing.map(({ id }) => id), ...wrong, ...gone);
  }
  return relisted;
};

/** Entries of sets that are not there: one that was begun after the manifests were listed is. */
const findGone = async (
  environment: string,
  orphans: readonly string[],
  { sets }: SurveyDeps,
  note: Note,
): Promise<string[]> => {
  const gone: string[] = [];
  for (const id of orphans) {
    const isGone = await note(async () => (await sets.read({ environment, id })) === undefined);
    if (isGone === true) gone.push(id);
  }
  return gone;
};

const writeIndex = async (
  environment: string,
  policy: string,
  missing: readonly BackupSetEntry[],
  corrections: Parameters<typeof correctIndex>[2],
  { ledger, clock }: SurveyDeps,
): Promise<void> => {
  await updateRecord(
    ledger,
    backupSetIndexKind,
    backupSetIndexKey(environment, policy),
    (index) => correctIndex(index ?? openSetIndex(environment, policy, clock.now()), missing, corrections),
    clock,
  );
};
