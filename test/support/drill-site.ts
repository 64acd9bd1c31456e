import { beginRun } from '../../functions/backup/restore/run-life.ts';
import { openSetStore } from '../../functions/backup/sets/set-store.ts';
import type { ExecutionStart, ExecutionState } from '../../functions/clients/executions.ts';
import type { KubernetesNetworkPolicies } from '../../functions/clients/kubernetes-network-policies.ts';
import type { KubernetesScaling } from '../../functions/clients/kubernetes-scaling.ts';
import { updateRecord } from '../../functions/clients/ledger.ts';
import { openLocks } from '../../functions/clients/locks.ts';
import { openOutbox } from '../../functions/clients/outbox.ts';
import { openPauses } from '../../functions/clients/pauses.ts';
import { drillRunKey, drillRunKind } from '../../functions/records/backup/drill.ts';
import {
  type RestoreFinding,
  type RestoreOutcome,
  type RestoreRun,
  restoreRunKey,
  restoreRunKind,
} from '../../functions/records/backup/restore.ts';
import { Configuration } from '../../functions/records/configuration.ts';
import { buildRelease } from '../backup/release/release-builder.ts';
import { buildScratchPlan } from '../backup/restore/restore-builders.ts';
import { RESTORE_SET } from '../backup/restore/restore-facts.ts';
import { createDrillPlace, PLACE, SIDEKIQ } from './drill-place.ts';
import { createFixedClock } from './fixed-clock.ts';
import { createKillSwitch } from './kill-switch.ts';
import { createMemoryLedger } from './memory-ledger.ts';
import { ADDRESSES, writeOwnValues } from './own-values.ts';
import { createFakeNotifier } from './target-events.ts';

/** A site in memory that rehearses restores; whatever breaks a promise of drills is written down. */

export const DRILL_START = '2026-11-22T10:00:00.000Z';
export const RESTORE_MACHINE = 'arn:aws:states:eu-central-1:111122223333:stateMachine:drydock-main-restore';

export const DRILL_CONFIGURATION = Configuration.parse({
  version: 1,
  sites: { main: { account: '111122223333', region: 'eu-central-1' } },
  environments: {
    production: { site: 'main', cluster: { name: 'blue' }, gitlab: { url: 'https://gitlab.example.com' } },
  },
  backup: {
    environments: {
      production: {
        role: 'arn:aws:iam::111122223333:role/gitlab-toolbox',
        destination: { bucket: 'acme-backups' },
        tmpBucket: 'acme-tmp',
        secrets: { bucket: 'acme-secrets', kmsKey: 'alias/secrets' },
        restore: { scratch: { namespace: PLACE }, drill: {} },
        policies: { daily: { schedule: 'cron(0 3 * * ? *)' } },
      },
    },
  },
});

export interface DrillSwitches {
  /** Of the restore, once it has ended. */
  restore: RestoreOutcome;
  findings: RestoreFinding[];
  /** Looks that the restore takes; it runs for ever when it is infinite. */
  restoreLooks: number;
  /** Times that giving the place back comes to no good. */
  keptBack: number;
  scratchValues: string;
  addresses: Record<string, readonly string[]>;
}

export const createDrillSite = async () => {
  const clock = createFixedClock(DRILL_START);
  const kill = createKillSwitch();
  const memory = createMemoryLedger();
  const ledger = kill.guard(memory);
  const place = createDrillPlace(() => clock.now());
  const { state } = place;
  const switches: DrillSwitches = {
    restore: 'restored',
    findings: [],
    restoreLooks: 2,
    keptBack: 0,
    scratchValues: writeOwnValues('scratch'),
    addresses: { ...ADDRESSES },
  };
  const notifier = createFakeNotifier();
  const policiesOf = () => ['daily'];
  const sets = openSetStore({ ledger, clock, policiesOf });
  await openSetStore({ ledger: memory, clock, policiesOf }).open({ ...RESTORE_SET });
  const readRun = async () => (await memory.read(drillRunKind, drillRunKey('production')))?.value;

  /** Whatever wakes or fills the place needs a network that is closed and was proven so. */
  const demandProof = async (what: string): Promise<void> => {
    const run = await readRun();
    const isProven = run?.proof?.state === 'closed' && run.way === 'rehearse';
    const isDestroying = run?.way === 'destroy' && run.filledAt !== undefined;
    if (!isProven && !isDestroying) state.broken.push(`${what} without a proof`);
    if (isProven && !(await place.isClosed())) state.broken.push(`${what} with an open network`);
  };

  const scaling: KubernetesScaling = {
    ...place.scaling,
    scale: async (workload, replicas) => {
      if (replicas > 0) await demandProof(`woke ${workload.name}`);
      if (replicas > 0 && workload.name === SIDEKIQ) state.broken.push('woke Sidekiq');
      return place.scaling.scale(workload, replicas);
    },
  };
  const policies: KubernetesNetworkPolicies = {
    ...place.policies,
    delete: async (policy) => {
      // What others wake is theirs, and finds nothing there.
      const awake = (await place.scaling.listWorkloads(PLACE)).filter(
        ({ name, replicas }) => replicas > 0 && name !== SIDEKIQ,
      );
      if (state.hasData) state.broken.push('opened the network over data');
      if (isLent) state.broken.push('opened the network over Secrets of people');
      if (awake.length > 0) state.broken.push('opened the network over what is awake');
      return place.policies.delete(policy);
    },
  };

  const started: ExecutionStart[] = [];
  /** Those that give the place back. */
  const givenBack: ExecutionStart[] = [];
  /** Has a restore written Secrets of people into the place? */
  let isLent = false;
  const stopped: string[] = [];
  let looks = 0;
  let backLooks = 0;
  const none = { output: undefined, error: undefined, cause: undefined };
  const describe = async (arn: string): Promise<ExecutionState | undefined> => {
    const startedAt = clock.now();
    if (givenBack.some(({ name }) => arn.endsWith(`:${name}`))) return describeGivenBack(arn);
    if (!started.some(({ name }) => arn.endsWith(`:${name}`))) return undefined;
    if (stopped.includes(arn)) return { status: 'aborted', startedAt, stoppedAt: endOf(arn), ...none };
    looks += 1;
    if (looks <= switches.restoreLooks) {
      return { status: 'running', startedAt, stoppedAt: undefined, ...none };
    }
    const at = { startedAt, stoppedAt: endOf(arn) };
    await noteEnd(arn, switches.restore);
    return { status: 'succeeded', ...at, ...none, output: JSON.stringify({ outcome: switches.restore }) };
  };
  const ends = new Map<string, Date>();
  /** When it was first seen that it has ended. */
  const endOf = (arn: string): Date => {
    const end = ends.get(arn) ?? clock.now();
    ends.set(arn, end);
    return end;
  };
  const PLACE_RUN = restoreRunKey('production/scratch');
  /** Changes the record of the restore at the place. */
  const note = (change: (before: RestoreRun) => RestoreRun): Promise<unknown> =>
    updateRecord(memory, restoreRunKind, PLACE_RUN, (before) => before && change(before), clock);
  const noteStart = async ({ name }: ExecutionStart): Promise<void> => {
    const run = await readRun();
    const arn = `${RESTORE_MACHINE.replace(':stateMachine:', ':execution:')}:${name}`;
    const execution = { arn, name, startedAt: DRILL_START };
    const begun = beginRun(buildScratchPlan(run?.id ?? ''), { execution, fence: 1 }, clock.now());
    await updateRecord(memory, restoreRunKind, PLACE_RUN, () => begun, clock);
  };
  const noteEnd = (arn: string, outcome: RestoreOutcome): Promise<unknown> =>
    note((before) =>
      before.state === 'ended' || before.execution.arn !== arn
        ? before
        : {
            ...before,
            state: 'ended',
            outcome,
            endedAt: clock.now().toISOString(),
            findings: switches.findings,
            reasons: outcome === 'restored' ? [] : ['its Job failed'],
          },
    );
  /** It runs for a look, and then the record of the restore says what came of it. */
  const describeGivenBack = async (arn: string): Promise<ExecutionState> => {
    const startedAt = clock.now();
    backLooks += 1;
    if (backLooks <= 1) return { status: 'running', startedAt, stoppedAt: undefined, ...none };
    await noteGivenBack(arn);
    const { outcome, reasons } = (await memory.read(restoreRunKind, PLACE_RUN))?.value ?? {};
    const output = JSON.stringify({ outcome, reasons });
    return { status: 'succeeded', startedAt, stoppedAt: endOf(arn), ...none, output };
  };
  const told = new Set<string>();
  const noteGivenBack = async (arn: string): Promise<void> => {
    if (told.has(arn)) return;
    told.add(arn);
    switches.keptBack -= 1;
    const isKept = switches.keptBack >= 0;
    isLent = isKept;
    await note((before) => ({
      ...before,
      way: 'give-back',
      state: 'ended',
      outcome: isKept ? 'abandoned' : 'given-back',
      reasons: isKept ? ['RDS does not answer'] : [],
    }));
  };
  const executions = kill.guard({
    start: async (request: ExecutionStart) => {
      if ('carryOn' in Object(request.input)) {
        if (givenBack.some(({ name }) => name === request.name)) return 'already' as const;
        const { way, givesBack } = (await readRun()) ?? {};
        if (way !== 'destroy' || !givesBack?.execution.endsWith(`:${request.name}`)) {
          state.broken.push('gave back what no record approves');
        }
        givenBack.push(request);
        backLooks = 0;
        return 'started' as const;
      }
      if (started.some(({ name }) => name === request.name)) return 'already' as const;
      await demandProof('began to restore');
      started.push(request);
      await noteStart(request);
      looks = 0;
      state.hasData = true;
      isLent = true;
      return 'started' as const;
    },
    describe,
    stop: async (arn: string) => {
      stopped.push(arn);
      // Whoever hears that an execution is gone brings its restore to rest.
      await noteEnd(arn, 'abandoned');
    },
  });

  const guarded = {
    jobs: kill.guard(place.jobs),
    scaling: kill.guard(scaling),
    policies: kill.guard(policies),
  };
  const deps = {
    ledger,
    sets,
    clock,
    executions,
    machine: RESTORE_MACHINE,
    configuration: DRILL_CONFIGURATION,
    locks: openLocks(ledger, clock),
    pauses: openPauses(ledger, clock),
    outbox: openOutbox(ledger, kill.guard(notifier), clock),
    releases: () => ({
      readRelease: async (namespace: string) =>
        buildRelease(namespace === PLACE ? switches.scratchValues : '', { namespace }),
    }),
    names: { resolve: async (host: string) => switches.addresses[host] ?? [] },
    jobs: () => guarded.jobs,
    scaling: () => guarded.scaling,
    policies: () => guarded.policies,
  };
  return {
    clock,
    kill,
    memory,
    place,
    state,
    switches,
    notifier,
    started,
    givenBack,
    stopped,
    readRun,
    deps,
  };
};
export type DrillSite = Awaited<ReturnType<typeof createDrillSite>>;
