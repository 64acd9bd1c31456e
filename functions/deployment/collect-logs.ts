import type * as z from 'zod';
import type { Kubernetes } from '../clients/kubernetes.ts';
import type { Ledger } from '../clients/ledger.ts';
import { type ContainerLog, containerLogKey, containerLogKind } from '../records/container-log.ts';
import type { Clock } from '../runtime/clock.ts';
import { type Invocation, makeLambda } from '../runtime/lambda.ts';
import * as contract from './collect-logs.contract.ts';
import { chooseLogs } from './log-choice.ts';
import type { NamedTarget } from './target-assessment.ts';
import { wireTargets } from './wiring.ts';

/** Lines kept of each container: enough for a stack trace and what led to it. */
const TAIL_LINES = 200;

interface Deps {
  readonly ledger: Pick<Ledger, 'claim'>;
  readonly clock: Clock;
  readonly cluster: (environment: string) => Promise<Pick<Kubernetes, 'observeRollout' | 'readPodLog'>>;
  readonly findTarget: (name: string) => NamedTarget;
}

type Input = z.output<typeof contract.Input>;
type Output = z.input<typeof contract.Output>;

/**
 * Keeps the last lines of the containers that fail, under an encrypted prefix that expires: they may hold secrets
 * of the application, so they go into no message and no other record.
 */
export const run = async (
  { order, execution }: Input,
  deps: Deps,
  { signal }: Pick<Invocation, 'signal'>,
): Promise<Output> => {
  const target = deps.findTarget(order.target);
  const kubernetes = await deps.cluster(target.environment);
  const observation = await kubernetes.observeRollout(target.workload, signal);
  const logs: ContainerLog['logs'] = [];
  for (const { pod, container, previous } of chooseLogs(observation)) {
    const options = { tailLines: TAIL_LINES, previous };
    const text = await kubernetes.readPodLog(target.workload.namespace, pod, container, options);
    const lines = text.split('\n').filter((line) => line !== '');
    if (lines.length > 0) logs.push({ pod, container, previous, lines });
  }
  if (logs.length === 0) return { outcome: 'none' };
  const key = containerLogKey(order.name);
  const at = deps.clock.now().toISOString();
  await deps.ledger.claim(containerLogKind, key, { version: 1, rollout: order.name, execution, at, logs });
  return { outcome: 'kept', key };
};

export const handler = makeLambda({ contract, deps: ({ LEDGER_BUCKET }) => wireTargets(LEDGER_BUCKET), run });
