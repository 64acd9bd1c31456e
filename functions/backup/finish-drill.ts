import type * as z from 'zod';
import { openLocks } from '../clients/locks.ts';
import { systemClock } from '../runtime/clock.ts';
import { makeLambda } from '../runtime/lambda.ts';
import { composeNoDrillNotice } from './drill/drill-notice.ts';
import { type DrillEndDeps, endDrill } from './drill/reading/drill-end.ts';
import { readDrill } from './drill/reading/drill-record.ts';
import * as contract from './finish-drill.contract.ts';
import { wireTelling } from './telling/wiring.ts';

type Input = z.output<typeof contract.Input>;
type Output = z.input<typeof contract.Output>;

/**
 * The last step of a drill: its history, its place, and the one message about how it ended. Of one that could not begin
 * people are told only when nobody has asked for it: whoever started it by hand sees why.
 */
export const run = async (input: Input, deps: DrillEndDeps): Promise<Output> => {
  const { execution, drill, reasons } = input;
  if (!drill) return endWithoutDrill(input, deps);
  const { value: ended } = await readDrill(deps.ledger, drill);
  if (ended.execution.arn === execution.arn) {
    const end = await endDrill(ended, deps);
    if (end) return { ...end, drill, reasons: [...end.reasons] };
  }
  const message = `${ended.execution.name} carries the drill ${drill.id} now.`;
  return { outcome: 'lost', drill, message, reasons };
};

const endWithoutDrill = async (
  { execution, environment = 'none', scheduled, reasons }: Input,
  { outbox, clock }: DrillEndDeps,
): Promise<Output> => {
  const notice = composeNoDrillNotice({ execution, environment, reasons }, clock.now());
  if (scheduled) await outbox.tell(notice);
  return { outcome: 'refused', message: notice.happened, reasons: [...reasons] };
};

export const handler = makeLambda({
  contract,
  deps: (env): DrillEndDeps => {
    const { ledger, outbox } = wireTelling(env);
    return { ledger, outbox, locks: openLocks(ledger, systemClock), clock: systemClock };
  },
  run,
});
