import type * as z from 'zod';
import type { Outbox } from '../clients/outbox.ts';
import { describeCause } from '../rules/error-cause.ts';
import { type Clock, systemClock } from '../runtime/clock.ts';
import { type Invocation, makeLambda } from '../runtime/lambda.ts';
import { type ClusterSubject, findSubject } from './cluster-subjects.ts';
import * as contract from './tell-unchecked.contract.ts';
import { composeUncheckedNotice } from './telling/unchecked-notice.ts';
import { wireTelling } from './telling/wiring.ts';
import { readSubjects } from './wiring.ts';

interface Deps {
  readonly subjects: readonly ClusterSubject[];
  readonly outbox: Pick<Outbox, 'tell'>;
  readonly clock: Clock;
}

type Input = z.output<typeof contract.Input>;
type Output = z.input<typeof contract.Output>;

/**
 * Says that a cluster could not be checked at all, once a day: silence would look like a clean report. A slip in the
 * console and a pipeline that asks get the reason as the answer, and nobody else is told.
 */
export const run = async (
  { execution, check, failure }: Input,
  { subjects, outbox, clock }: Deps,
  { log }: Pick<Invocation, 'log'>,
): Promise<Output> => {
  const reason = describeCause(failure.Cause) || failure.Error;
  const subject = findSubject(subjects, check.cluster);
  log.warn('A cluster could not be checked', { cluster: check.cluster, code: failure.Error });
  if (!subject) return { outcome: 'refused', cluster: check.cluster, reason };
  const { cluster, environments } = subject;
  if (!check.gate) {
    await outbox.tell(composeUncheckedNotice({ cluster, environments, reason, execution, now: clock.now() }));
  }
  return { outcome: 'not-checked', cluster, reason };
};

export const handler = makeLambda({
  contract,
  deps: (env) => ({ subjects: readSubjects(), clock: systemClock, ...wireTelling(env) }),
  run,
});
