import { randomUUID } from 'node:crypto';
import type * as z from 'zod';
import { openExecutions } from '../clients/executions.ts';
import { type Ledger, updateRecord } from '../clients/ledger.ts';
import { connectLedger } from '../clients/ledger-s3.ts';
import type { Configuration } from '../records/configuration.ts';
import { type Pause, pauseKey, pauseKind } from '../records/pause.ts';
import { targetStateKey, targetStateKind } from '../records/target-state.ts';
import { type Clock, systemClock } from '../runtime/clock.ts';
import { readConfiguration } from '../runtime/configuration.ts';
import { RefusedError } from '../runtime/errors.ts';
import { makeLambda } from '../runtime/lambda.ts';
import { findHold, liftHolds } from './hold.ts';
import * as contract from './set-control.contract.ts';

interface Deps {
  readonly ledger: Ledger;
  readonly clock: Clock;
  /** Is there such a scope: `target/web` only if drydock.yaml has that target. */
  readonly knownScopes: readonly string[];
  /** Has the sweep look for what was held back; absent at a site without deployments. */
  readonly startSweep?: () => Promise<unknown>;
}

type Input = z.output<typeof contract.Input>;
type Output = z.input<typeof contract.Output>;

/**
 * Sets what a person asked for at the stop button; every outside write reads it before it acts.
 *
 * @throws RefusedError `scope.unknown`, `until.past`, `hold.none` with what to write instead.
 */
export const run = async (input: Input, deps: Deps): Promise<Output> => {
  const answer = await set(input, deps);
  // What was held back while paused is looked for at once, not at the next schedule.
  if (answer.sweep) await deps.startSweep?.();
  return answer;
};

const set = (input: Input, deps: Deps): Promise<Output> => {
  if ('pause' in input) return pause(input, deps);
  if ('resume' in input) return resume(input, deps);
  return lift(input, deps);
};

const pause = async (input: Extract<Input, { pause: string }>, deps: Deps): Promise<Output> => {
  const { pause: scope, by, why } = input;
  checkScope(scope, deps);
  const now = deps.clock.now();
  if (input.until !== undefined && Date.parse(input.until) <= now.getTime()) {
    throw new RefusedError('until.past', `"until" is ${input.until}, and it is ${now.toISOString()} now.`);
  }
  const until = input.until === undefined ? {} : { until: new Date(input.until).toISOString() };
  const record: Pause = { version: 1, scope, paused: true, by, why, since: now.toISOString(), ...until };
  await updateRecord(deps.ledger, pauseKind, pauseKey(scope), () => record, deps.clock);
  const end = until.until
    ? `until ${until.until}`
    : `until somebody starts this machine with {"resume":"${scope}","by":"<you>","why":"<why>"}`;
  return {
    outcome: 'paused',
    sweep: false,
    message: `${scope} is paused ${end}. No write outside happens in it.`,
  };
};

const resume = async (
  { resume: scope, by, why }: Extract<Input, { resume: string }>,
  deps: Deps,
): Promise<Output> => {
  checkScope(scope, deps);
  const record: Pause = { version: 1, scope, paused: false, by, why, since: deps.clock.now().toISOString() };
  await updateRecord(deps.ledger, pauseKind, pauseKey(scope), () => record, deps.clock);
  return {
    outcome: 'resumed',
    sweep: true,
    message: `${scope} goes on; what was held back is looked for now.`,
  };
};

const lift = async (
  { liftHold: { target, digest } }: Extract<Input, { liftHold: object }>,
  deps: Deps,
): Promise<Output> => {
  checkScope(`target/${target}`, deps);
  const state = (await deps.ledger.read(targetStateKind, targetStateKey(target)))?.value;
  // What a person took away by hand waits like what is on hold; which that is, only the cluster knows.
  const isApplied = state?.applied !== undefined && (digest ?? state.applied.digest) === state.applied.digest;
  const isHeld = isApplied || (digest === undefined ? state?.holds.length : state && findHold(state, digest));
  if (!isHeld) {
    const held = state?.holds.map((hold) => `${hold.tag} ${hold.digest}`).join(', ') || 'nothing';
    throw new RefusedError(
      'hold.none',
      `${target} holds ${held}; write one of these digests, or none to lift all.`,
    );
  }
  await updateRecord(
    deps.ledger,
    targetStateKind,
    targetStateKey(target),
    (current) => current && liftHolds(current, digest),
    deps.clock,
  );
  return { outcome: 'lifted', sweep: true, message: `${target} may run ${digest ?? 'every digest'} again.` };
};

const checkScope = (scope: string, { knownScopes }: Deps): void => {
  if (knownScopes.includes(scope)) return;
  throw new RefusedError('scope.unknown', `There is no ${scope}; write one of ${knownScopes.join(', ')}.`);
};

/** Every scope that a site has: of a capability without a section there is nothing to pause. */
export const listScopes = ({ environments, deployment, upgrade, backup }: Configuration): string[] => [
  'all',
  ...(deployment ? ['capability/deployment'] : []),
  ...(upgrade ? ['capability/upgrade'] : []),
  ...(backup ? ['capability/backup'] : []),
  ...Object.keys(environments).map((name) => `environment/${name}`),
  ...Object.keys(deployment?.targets ?? {}).map((name) => `target/${name}`),
];

/** A sweep decides anew for each target, so two of them at once do no harm; each has a name of its own. */
const sweepStarter = (machine: string) => async (): Promise<unknown> =>
  openExecutions().start({ machine, name: `control-${randomUUID()}`, input: {} });

export const handler = makeLambda({
  contract,
  deps: ({ LEDGER_BUCKET, SWEEP_MACHINE_ARN }) => ({
    ledger: connectLedger(LEDGER_BUCKET),
    clock: systemClock,
    knownScopes: listScopes(readConfiguration()),
    ...(SWEEP_MACHINE_ARN === undefined ? {} : { startSweep: sweepStarter(SWEEP_MACHINE_ARN) }),
  }),
  run,
});
