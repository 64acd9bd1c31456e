import {
  Input as DeletionInput,
  Output as DeletionOutput,
} from '../../functions/backup/delete-sets.contract.ts';
import { run as deleteSets } from '../../functions/backup/delete-sets.ts';
import { Output } from '../../functions/backup/plan-upkeep.contract.ts';
import { run as plan } from '../../functions/backup/plan-upkeep.ts';
import { openSetIndex } from '../../functions/backup/sets/set-list.ts';
import { openSetStore } from '../../functions/backup/sets/set-store.ts';
import { noteVerification } from '../../functions/backup/sets/set-verdict.ts';
import { Output as TellingOutput } from '../../functions/backup/tell-upkeep.contract.ts';
import { run as tellUpkeep } from '../../functions/backup/tell-upkeep.ts';
import type { KeptEnvironment } from '../../functions/backup/upkeep/kept-environments.ts';
import { openLocks } from '../../functions/clients/locks.ts';
import { openOutbox } from '../../functions/clients/outbox.ts';
import { openPauses } from '../../functions/clients/pauses.ts';
import { type BackupSet, backupSetKey, backupSetKind } from '../../functions/records/backup/set.ts';
import {
  type BackupSetEntry,
  backupSetIndexKey,
  backupSetIndexKind,
} from '../../functions/records/backup/set-index.ts';
import { type UpkeepPlan, upkeepPlanKey, upkeepPlanKind } from '../../functions/records/backup/upkeep.ts';
import type { VerificationReason, VerificationVerdict } from '../../functions/records/backup/verification.ts';
import type { Execution } from '../../functions/records/execution.ts';
import { BACKUP_TIME, hoursAgo } from './backup-sets.ts';
import { buildKept, manifestOf } from './backup-upkeep.ts';
import { createFixedClock } from './fixed-clock.ts';
import { createKillSwitch } from './kill-switch.ts';
import { createMemoryLedger } from './memory-ledger.ts';
import { createMemoryRemoval } from './memory-removal.ts';
import { createFakeExecutions, createFakeNotifier } from './target-events.ts';
import { calmInvocation } from './target-world.ts';

export const NIGHT: Execution = {
  arn: 'arn:aws:states:eu-central-1:111122223333:execution:drydock-main-backup-upkeep:night-1',
  name: 'night-1',
  startedAt: BACKUP_TIME.toISOString(),
};

/** A site in memory whose policies are old enough to delete. */
export const createUpkeepSite = (environments: readonly KeptEnvironment[] = buildKept()) => {
  const kill = createKillSwitch();
  const ledger = kill.guard(createMemoryLedger());
  const clock = createFixedClock(BACKUP_TIME.toISOString());
  const notifier = createFakeNotifier();
  const executions = createFakeExecutions();
  const outbox = openOutbox(ledger, kill.guard(notifier), clock);
  const policiesOf = (name: string): string[] =>
    environments
      .filter(({ environment }) => environment === name)
      .flatMap(({ policies }) => policies.map((one) => one.name));
  const removal = createMemoryRemoval();
  const locks = openLocks(ledger, clock);
  const sets = openSetStore({ ledger, clock, policiesOf });
  const site = {
    kill,
    ledger,
    clock,
    notifier,
    executions,
    outbox,
    sets,
    removal,
    locks,
    environments,
    /** Notes that a policy is watched for so many days. */
    watch: async (days = 366, environment = 'production', policy = 'daily') => {
      const key = backupSetIndexKey(environment, policy);
      const there = (await ledger.read(backupSetIndexKind, key))?.value;
      await ledger.remove(key);
      const index = there ?? openSetIndex(environment, policy, BACKUP_TIME);
      await ledger.claim(backupSetIndexKind, key, { ...index, since: hoursAgo(days * 24).toISOString() });
    },
    /** Sets with their archives, each in one version. */
    add: async (entries: readonly BackupSetEntry[], changes: Partial<BackupSet> = {}) => {
      for (const entry of entries) {
        const set = await sets.open(manifestOf(entry, changes));
        for (const part of set.parts) {
          if (part.kind === 'archive')
            removal.put(part.object.bucket, part.object.key, part.object.versionId);
        }
      }
    },
    /** Only the manifest, as a Lambda leaves it that dies then. */
    addUnlisted: (entry: BackupSetEntry, changes: Partial<BackupSet> = {}) => {
      const set = manifestOf(entry, changes);
      return ledger.claim(backupSetKind, backupSetKey(set.environment, set.id), set);
    },
    read: (id: string, environment = 'production') => sets.read({ environment, id }),
    listed: async (environment = 'production', policy = 'daily') =>
      (await sets.list(environment, policy)).map(({ id }) => id),
    /** What a verification found of a set. */
    verify: async (
      id: string,
      verdict: VerificationVerdict,
      reasons: VerificationReason[] = [],
      environment = 'production',
    ) => {
      const finishedAt = clock.now().toISOString();
      await sets.change({ environment, id }, (set) => {
        const noted = noteVerification(set, { verdict, reasons, finishedAt }, 'backup/x.json');
        return noted.ok ? noted.set : undefined;
      });
    },
    plan: async (request: object = {}, from = 0, execution = NIGHT) =>
      Output.parse(
        await plan(
          { execution, request: { dryRun: false, ...request }, from },
          { environments, ledger, sets, executions, outbox, clock },
          calmInvocation(),
        ),
      ),
    /** One call of the deletion; `from` goes on where another ended. */
    deleteOnce: async (from?: object, remainingMs = () => 60_000, execution = NIGHT) =>
      DeletionOutput.parse(
        await deleteSets(
          DeletionInput.parse({
            execution,
            environments: environments.map(({ environment }) => environment),
            ...(from === undefined ? {} : { from }),
          }),
          {
            environments,
            ledger,
            sets,
            locks,
            pauses: openPauses(ledger, clock),
            openRemoval: (place) => kill.guard(removal.openRemoval(place)),
            snapshots: kill.guard(removal.snapshots),
            clock,
          },
          { ...calmInvocation(), remainingMs },
        ),
      ),
    tell: async (execution = NIGHT) =>
      TellingOutput.parse(
        await tellUpkeep(
          { execution, environments: environments.map(({ environment }) => environment) },
          { environments, ledger, sets, outbox, clock },
        ),
      ).environments,
    readPlan: async (environment = 'production', execution = NIGHT): Promise<UpkeepPlan> => {
      const stored = await ledger.read(upkeepPlanKind, upkeepPlanKey(environment, execution.name));
      if (!stored) throw new Error(`There is no plan of ${environment}.`);
      return stored.value;
    },
  };
  return site;
};
export type UpkeepSite = ReturnType<typeof createUpkeepSite>;
