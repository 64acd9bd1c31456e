import { nameDrillRestore } from '../../functions/backup/drill/drill-restore.ts';
import { beginRun } from '../../functions/backup/restore/run-life.ts';
import { openSetStore } from '../../functions/backup/sets/set-store.ts';
import type { ExecutionStart, ExecutionState } from '../../functions/clients/executions.ts';
import type { KubernetesNetworkPolicies } from '../../functions/clients/kubernetes-network-policies.ts';
import type { KubernetesScaling } from '../../functions/clients/kubernetes-scaling.ts';
import { openLocks } from '../../functions/clients/locks.ts';
import { openOutbox } from '../../functions/clients/outbox.ts';
import { openPauses } from '../../functions/clients/pauses.ts';
import { drillRunKey, drillRunKind } from '../../functions/records/backup/drill.ts';
import {
  type RestoreFinding,
  type RestoreOutcome,
  restoreHistoryKey,
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

/** Everything of its own but for the archives, which are only read. */
const SCRATCH_VALUES = `
global:
  hosts: { domain: scratch.example.com }
  psql: { host: scratch-db.example.com }
  redis: { host: scratch-cache.example.com }
  registry: { bucket: scratch-registry }
  appConfig:
    lfs: { bucket: scratch-lfs }
    artifacts: { bucket: scratch-artifacts }
    uploads: { bucket: scratch-uploads }
    packages: { bucket: scratch-packages }
    externalDiffs: { bucket: scratch-diffs }
    terraformState: { bucket: scratch-terraform }
    ciSecureFiles: { bucket: scratch-secure }
    backups: { tmpBucket: scratch-tmp }
  pages: { objectStore: { bucket: scratch-pages } }
`;

const ADDRESSES: Readonly<Record<string, readonly string[]>> = {
  'db.example.com': ['10.0.0.5'],
  'cache.example.com': ['10.0.0.6'],
  'scratch-db.example.com': ['10.9.0.5'],
  'scratch-cache.example.com': ['10.9.0.6'],
};

export interface DrillSwitches {
  /** Of the restore, once it has ended. */
  restore: RestoreOutcome;
  findings: RestoreFinding[];
  /** Looks that the restore takes; it runs for ever when it is infinite. */
  restoreLooks: number;
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
    scratchValues: SCRATCH_VALUES,
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
      if (awake.length > 0) state.broken.push('opened the network over what is awake');
      return place.policies.delete(policy);
    },
  };

  const started: ExecutionStart[] = [];
  const stopped: string[] = [];
  let looks = 0;
  const describe = async (arn: string): Promise<ExecutionState | undefined> => {
    if (!started.some(({ name }) => arn.endsWith(`:${name}`))) return undefined;
    const none = { output: undefined, error: undefined, cause: undefined };
    const startedAt = clock.now();
    if (stopped.includes(arn)) return { status: 'aborted', startedAt, stoppedAt: endOf(arn), ...none };
    looks += 1;
    if (looks <= switches.restoreLooks) {
      return { status: 'running', startedAt, stoppedAt: undefined, ...none };
    }
    const at = { startedAt, stoppedAt: endOf(arn) };
    await noteEnd(arn);
    return { status: 'succeeded', ...at, ...none, output: JSON.stringify({ outcome: switches.restore }) };
  };
  const ends = new Map<string, Date>();
  /** When it was first seen that it has ended. */
  const endOf = (arn: string): Date => {
    const end = ends.get(arn) ?? clock.now();
    ends.set(arn, end);
    return end;
  };
  const noteEnd = async (arn: string): Promise<void> => {
    const run = await readRun();
    if (!run) return;
    const id = nameDrillRestore(run);
    const execution = { arn, name: id, startedAt: DRILL_START };
    const now = clock.now();
    await memory.claim(restoreRunKind, restoreHistoryKey('production/scratch', id), {
      ...beginRun(buildScratchPlan(run.id), { execution, fence: 1 }, now),
      state: 'ended',
      outcome: switches.restore,
      endedAt: now.toISOString(),
      findings: switches.findings,
      reasons: switches.restore === 'restored' ? [] : ['its Job failed'],
    });
  };
  const executions = kill.guard({
    start: async (request: ExecutionStart) => {
      if (started.some(({ name }) => name === request.name)) return 'already' as const;
      await demandProof('began to restore');
      started.push(request);
      looks = 0;
      state.hasData = true;
      return 'started' as const;
    },
    describe,
    stop: async (arn: string) => void stopped.push(arn),
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
  return { clock, kill, memory, place, state, switches, notifier, started, stopped, readRun, deps };
};
export type DrillSite = Awaited<ReturnType<typeof createDrillSite>>;
