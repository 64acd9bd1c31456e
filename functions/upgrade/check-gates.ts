import type * as z from 'zod';
import type { EksReader } from '../clients/eks/eks-reader.ts';
import { openEksReader } from '../clients/eks/open-eks-reader.ts';
import { connectLedger } from '../clients/ledger-s3.ts';
import { openPauses } from '../clients/pauses.ts';
import { systemClock } from '../runtime/clock.ts';
import { type Invocation, makeLambda } from '../runtime/lambda.ts';
import * as contract from './check-gates.contract.ts';
import type { ClusterSubject } from './cluster-subjects.ts';
import { boundGates } from './gates/gate-bounds.ts';
import { type GateSources, readGateFacts } from './gates/gate-facts.ts';
import { judgeGates, reasonsOf } from './gates/judge-gates.ts';
import { readPlan, subjectOf } from './run/plan-record.ts';
import { readSubjects } from './wiring.ts';

interface Deps extends Omit<GateSources, 'eks'> {
  readonly eks: (region: string) => EksReader;
  readonly subjects: readonly ClusterSubject[];
}

/** Looks at every gate in front of a plan before anybody is asked to approve it. */
export const run = async (
  { execution }: z.output<typeof contract.Input>,
  deps: Deps,
  { signal }: Pick<Invocation, 'signal'>,
): Promise<z.input<typeof contract.Output>> => {
  const plan = await readPlan(deps.ledger, execution);
  const subject = subjectOf(deps.subjects, plan);
  const facts = await readGateFacts(plan, subject, { ...deps, eks: deps.eks(subject.region) }, signal);
  const gates = boundGates(judgeGates(facts));
  const reasons = reasonsOf(gates);
  return { outcome: reasons.length === 0 ? 'passed' : 'refused', gates, reasons };
};

export const handler = makeLambda({
  contract,
  deps: ({ LEDGER_BUCKET }) => {
    const ledger = connectLedger(LEDGER_BUCKET);
    return {
      ledger,
      pauses: openPauses(ledger, systemClock),
      eks: openEksReader,
      clock: systemClock,
      subjects: readSubjects(),
    };
  },
  run,
});
