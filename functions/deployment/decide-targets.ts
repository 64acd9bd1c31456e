import pMap from 'p-map';
import type * as z from 'zod';
import type { Ledger } from '../clients/ledger.ts';
import { connectNotifier } from '../clients/notifier.ts';
import { type Outbox, openOutbox } from '../clients/outbox.ts';
import type { Pauses } from '../clients/pauses.ts';
import type { TargetEntry } from '../records/decision.ts';
import { planKey, planKind } from '../records/plan.ts';
import type { RolloutOrder } from '../records/rollout.ts';
import { type Clock, systemClock } from '../runtime/clock.ts';
import { RefusedError, TransientError } from '../runtime/errors.ts';
import { type Invocation, makeLambda } from '../runtime/lambda.ts';
import * as contract from './decide-targets.contract.ts';
import { composeRefusedTarget } from './refusal-notice.ts';
import { nameRollout } from './rollout-name.ts';
import {
  type AssessmentDeps,
  decideCandidate,
  inspectTarget,
  type NamedTarget,
} from './target-assessment.ts';
import { noteTarget } from './target-history.ts';
import { wireTargets } from './wiring.ts';

/** Targets asked at the same time: each is a few calls to one API server, which has its own fairness. */
const CONCURRENCY = 16;

interface Deps {
  readonly ledger: Ledger;
  readonly pauses: Pauses;
  readonly clock: Clock;
  readonly cluster: AssessmentDeps['cluster'];
  readonly outbox: Pick<Outbox, 'tell'>;
  readonly findTargets: (image: string) => readonly NamedTarget[];
}

type Input = z.output<typeof contract.Input>;
type Output = z.input<typeof contract.Output>;
type Answer = Pick<TargetEntry, 'outcome' | 'code' | 'reason'>;

/**
 * Asks every target that follows the image, keeps each answer with its reason, and writes down the plan of
 * rollouts to start. A cluster that cannot be reached is `not-checked` and hides no other.
 */
export const run = async (input: Input, deps: Deps, { signal, log }: Invocation): Promise<Output> => {
  const at = deps.clock.now().toISOString();
  const { image, tag, digest, execution } = input;

  const decide = async (target: NamedTarget): Promise<Answer> => {
    const { name } = target;
    const answer = await ask(target, input, deps, signal);
    await noteTarget(deps.ledger, { at, target: name, image, tag, digest, execution }, answer);
    const notice = composeRefusedTarget({ ...target, ...input, ...answer, target: name, at });
    if (notice) await deps.outbox.tell(notice);
    log.info('Decided', { target: name, image, tag, outcome: answer.outcome, reason: answer.reason });
    return answer;
  };
  const targets = deps.findTargets(image);
  const answers = await pMap(targets, decide, { concurrency: CONCURRENCY });

  const wanted = targets.filter((_, index) => answers[index]?.outcome === 'deploy');
  const orders = wanted.map((target) => orderRollout(target.name, input));
  const planned = await claimPlan(deps.ledger, execution.name, orders);
  return {
    outcome: 'decided',
    rollouts: planned.length,
    refused: answers.filter(({ outcome }) => outcome === 'no').length,
    notChecked: answers.filter(({ outcome }) => outcome === 'not-checked').length,
  };
};

const orderRollout = (target: string, input: Input): RolloutOrder => {
  const { image, tag, digest, confirmedAt, redeploy, execution } = input;
  const name = nameRollout(target, digest, execution.name);
  return { version: 1, name, target, image, tag, digest, confirmedAt, redeploy, deployment: execution };
};

/** Claims the plan, or takes the one of an earlier run of this step: what that run decided is what is started. */
const claimPlan = async (
  ledger: Deps['ledger'],
  execution: string,
  orders: RolloutOrder[],
): Promise<readonly RolloutOrder[]> => {
  const key = planKey(execution);
  const claimed = await ledger.claim(planKind, key, { version: 1, orders });
  if (claimed.ok) return orders;
  return (await ledger.read(planKind, key))?.value.orders ?? orders;
};

const ask = async (target: NamedTarget, input: Input, deps: Deps, signal: AbortSignal): Promise<Answer> => {
  try {
    const decision = decideCandidate(await inspectTarget(target, deps, signal), input, false);
    return decision.deploy
      ? { outcome: 'deploy', code: 'wanted', reason: decision.reason }
      : { outcome: 'no', code: decision.code, reason: decision.reason };
  } catch (error) {
    // Anything else is a bug of ours, which must raise the alarm instead of looking like a cluster that is down.
    if (!(error instanceof TransientError || error instanceof RefusedError)) throw error;
    const { code, message } = error;
    return { outcome: 'not-checked', code, reason: `${message} The next sweep asks again.` };
  }
};

export const handler = makeLambda({
  contract,
  deps: ({ LEDGER_BUCKET, TOPIC_ARN }) => {
    const wiring = wireTargets(LEDGER_BUCKET);
    return { ...wiring, outbox: openOutbox(wiring.ledger, connectNotifier(TOPIC_ARN), systemClock) };
  },
  run,
});
