import type * as z from 'zod';
import { type Executions, openExecutions } from '../clients/executions.ts';
import { connectKubernetesJobs, type KubernetesJobs } from '../clients/kubernetes-jobs.ts';
import {
  connectKubernetesNetworkPolicies,
  type KubernetesNetworkPolicies,
} from '../clients/kubernetes-network-policies.ts';
import { connectKubernetesScaling, type KubernetesScaling } from '../clients/kubernetes-scaling.ts';
import type { Ledger } from '../clients/ledger.ts';
import type { Locks } from '../clients/locks.ts';
import type { Pauses } from '../clients/pauses.ts';
import { type DrillRun, drillLock } from '../records/backup/drill.ts';
import { MAX_DRILL_LOOKS } from '../records/backup/drill-limits.ts';
import { placeOf, type RestoreTarget } from '../records/backup/restore-plan.ts';
import type { Configuration } from '../records/configuration.ts';
import { lockSecondsOver } from '../rules/locking.ts';
import type { Clock } from '../runtime/clock.ts';
import { readConfiguration } from '../runtime/configuration.ts';
import { RefusedError } from '../runtime/errors.ts';
import { type Invocation, makeLambda } from '../runtime/lambda.ts';
import * as contract from './advance-drill.contract.ts';
import { findDrillStep } from './drill/drill-steps.ts';
import { takeDrillTurn } from './drill/drill-turn.ts';
import { nextDrillStep } from './drill/next-drill-step.ts';
import { lookAround } from './drill/reading/drill-around.ts';
import { readDrill, saveDrill } from './drill/reading/drill-record.ts';
import { findDrill } from './drill/reading/drill-subject.ts';
import { type DrillClients, fenceClients } from './drill/reading/fenced-clients.ts';
import type { TurnSources } from './drill/reading/take-drill-look.ts';
import { ACT_SECONDS, LONGEST_LOOK_SECONDS, waitForLook } from './restore/reading/look-interval.ts';
import type { SetStore } from './sets/set-store.ts';
import { wireLedger } from './wiring.ts';

interface Deps {
  readonly ledger: Ledger;
  readonly locks: Locks;
  readonly pauses: Pauses;
  readonly sets: Pick<SetStore, 'read'>;
  readonly configuration: Configuration;
  readonly jobs: (target: RestoreTarget) => KubernetesJobs;
  readonly scaling: (target: RestoreTarget) => KubernetesScaling;
  readonly policies: (target: RestoreTarget) => KubernetesNetworkPolicies;
  readonly executions: Pick<Executions, 'start' | 'describe' | 'stop'>;
  /** ARN of the machine `restore`. */
  readonly machine: string;
  readonly clock: Clock;
}

type Input = z.output<typeof contract.Input>;
type Output = z.input<typeof contract.Output>;

/**
 * Takes one look at a drill and does what follows from it: look, decide, write the record, change. What is refused fails
 * the step at hand, and whatever fails in the rehearsal leads to the destruction.
 *
 * @throws TransientError while cluster, Step Functions or ledger do not answer; the machine looks again.
 * @throws RefusedError `drill.looks` when this execution has had all its looks.
 */
export const run = async (
  { execution, drill, looks }: Input,
  deps: Deps,
  { signal }: Pick<Invocation, 'signal'>,
): Promise<Output> => {
  const answer = (outcome: Output['outcome'], message = '', waitSeconds = 1): Output => ({
    outcome,
    message,
    waitSeconds,
    looks: looks + 1,
  });
  const { value: before, etag } = await readDrill(deps.ledger, drill);
  if (before.execution.arn !== execution.arn) {
    return answer('lost', `${before.execution.name} carries it now`);
  }
  if (before.state === 'ended') return answer('ended', before.outcome);
  if (looks >= MAX_DRILL_LOOKS) {
    const message = `An execution takes ${MAX_DRILL_LOOKS} looks at a drill; another one goes on.`;
    throw new RefusedError('drill.looks', message);
  }
  const lock = drillLock(before.environment);
  const held = await deps.locks.acquire(lock, execution.arn, lockSecondsOver(LONGEST_LOOK_SECONDS));
  if (!held.ok) return answer('lost', 'another execution has taken the place');
  const isOurs = (): Promise<boolean> => deps.locks.isHeld(lock, execution.arn, held.lock.token);
  const sources = openSources(before, deps, isOurs);
  const { environment } = before;
  const pause = await deps.pauses.judge({
    capability: 'backup',
    environment,
    target: placeOf(before.target),
  });
  const now = deps.clock.now();
  const seen = await lookAround(
    { run: before, now, signal, ...(pause.ok ? {} : { paused: pause.reason }) },
    sources,
  );
  const write = (run: DrillRun): Promise<void> => saveDrill(deps.ledger, etag, run);
  try {
    const { run, move } = await takeDrillTurn(before, seen.turn, seen.look, write);
    await seen.afterwards?.();
    if (move.kind === 'end') return answer('ended', move.outcome);
    if (move.kind === 'do') return answer('under-way', move.message, ACT_SECONDS);
    if (move.kind === 'inspect') return answer('inspect', move.message);
    return answer('under-way', move.message, waitForLook(move.seconds, findDrillStep(run)?.startedAt, now));
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    await fail(error.message, drill, deps);
    return answer('under-way', error.message, ACT_SECONDS);
  }
};

const openSources = (
  { environment, target }: DrillRun,
  deps: Deps,
  isOurs: () => Promise<boolean>,
): TurnSources => {
  const clients: DrillClients = {
    jobs: deps.jobs(target),
    scaling: deps.scaling(target),
    policies: deps.policies(target),
    executions: deps.executions,
  };
  return {
    ...fenceClients(clients, isOurs),
    machine: deps.machine,
    ledger: deps.ledger,
    sets: deps.sets,
    settings: () => findDrill(deps.configuration, environment).settings,
  };
};

/** What may not be done fails its step, whatever came of it so far. */
const fail = async (reason: string, drill: Input['drill'], { ledger, clock }: Deps): Promise<void> => {
  const { value, etag } = await readDrill(ledger, drill);
  const around = { now: clock.now(), breaches: [], isRestoring: false };
  const { run } = nextDrillStep(value, { state: 'failed', reasons: [reason] }, around);
  await saveDrill(ledger, etag, run);
};

export const handler = makeLambda({
  contract,
  deps: ({ LEDGER_BUCKET, RESTORE_MACHINE_ARN }): Deps => ({
    ...wireLedger(LEDGER_BUCKET),
    configuration: readConfiguration(),
    jobs: connectKubernetesJobs,
    scaling: connectKubernetesScaling,
    policies: connectKubernetesNetworkPolicies,
    executions: openExecutions(),
    machine: RESTORE_MACHINE_ARN,
  }),
  run,
});
