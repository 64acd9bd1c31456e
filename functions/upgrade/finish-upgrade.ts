import type * as z from 'zod';
import { makeLambda } from '../runtime/lambda.ts';
import * as contract from './finish-upgrade.contract.ts';
import { endUpgrade, type UpgradeEndDeps, wireUpgradeEnd } from './run/upgrade-end.ts';

/** The last step of an upgrade that ended by itself, well or badly. */
export const run = async (
  { execution, outcome, reasons, gates }: z.output<typeof contract.Input>,
  deps: UpgradeEndDeps,
): Promise<z.input<typeof contract.Output>> => {
  const ended = await endUpgrade({ execution, outcome, reasons, gates }, deps);
  return {
    outcome: ended?.outcome ?? outcome,
    ...(ended && { cluster: ended.cluster, plan: ended.plan.id }),
    reasons: ended?.reasons ?? reasons,
  };
};

export const handler = makeLambda({ contract, deps: wireUpgradeEnd, run });
