import type * as z from 'zod';
import { type Names, openNames } from '../clients/dns.ts';
import { connectHelmReleases, type HelmReleases } from '../clients/helm-releases.ts';
import { type Ledger, updateRecord } from '../clients/ledger.ts';
import { connectLedger } from '../clients/ledger-s3.ts';
import {
  type DrillInspection,
  drillInspectionKey,
  drillInspectionKind,
} from '../records/backup/drill-inspection.ts';
import type { Configuration } from '../records/configuration.ts';
import { type Clock, systemClock } from '../runtime/clock.ts';
import { readConfiguration } from '../runtime/configuration.ts';
import { type Invocation, makeLambda } from '../runtime/lambda.ts';
import { readDrill } from './drill/reading/drill-record.ts';
import { inspectPlaces } from './drill/reading/inspect-places.ts';
import * as contract from './inspect-drill.contract.ts';

interface Deps {
  readonly ledger: Ledger;
  readonly configuration: Configuration;
  readonly releases: (cluster: { readonly cluster: string; readonly region: string }) => HelmReleases;
  readonly names: Names;
  readonly clock: Clock;
}

type Input = z.output<typeof contract.Input>;
type Output = z.input<typeof contract.Output>;

/**
 * Reads the Helm release of the place of a drill and those of every environment that is backed up, and writes down what
 * tells them apart: names and addresses, and no value. It changes nothing; whoever changes the place reads no Secret.
 *
 * @throws TransientError while the API server of the place, DNS or the ledger do not answer.
 */
export const run = async (
  { execution, drill }: Input,
  deps: Deps,
  { signal }: Pick<Invocation, 'signal'>,
): Promise<Output> => {
  const { value: current } = await readDrill(deps.ledger, drill);
  if (current.execution.arn !== execution.arn) {
    return { outcome: 'lost', message: `${current.execution.name} carries it now.` };
  }
  const inspection = await inspectPlaces(current, deps, signal);
  await updateRecord(
    deps.ledger,
    drillInspectionKind,
    drillInspectionKey(drill),
    () => inspection,
    deps.clock,
  );
  return { outcome: 'inspected', message: describe(inspection) };
};

const describe = ({ place, used }: DrillInspection): string => {
  const what = place.known
    ? `Read release ${place.value.namespace}/${place.value.release} of ${place.value.cluster}`
    : `The place is not known: ${place.why}`;
  const unread = used.filter((one) => one.unread !== undefined).map(({ environment }) => environment);
  const beside = unread.length === 0 ? `and ${used.length} environments` : `but not ${unread.join(', ')}`;
  return `${what}, ${beside}.`;
};

export const handler = makeLambda({
  contract,
  deps: ({ LEDGER_BUCKET }): Deps => ({
    ledger: connectLedger(LEDGER_BUCKET),
    configuration: readConfiguration(),
    releases: connectHelmReleases,
    names: openNames(),
    clock: systemClock,
  }),
  run,
});
