import type * as z from 'zod';
import { openBucketFacts } from '../clients/bucket-facts/open-bucket-facts.ts';
import type { BucketFacts } from '../clients/bucket-facts.ts';
import { openDatabases } from '../clients/databases/open-databases.ts';
import type { Databases } from '../clients/databases.ts';
import { connectKubernetesJobs, type KubernetesJobs } from '../clients/kubernetes-jobs.ts';
import { connectKubernetesQuotas, type KubernetesQuotas } from '../clients/kubernetes-quotas.ts';
import { type Ledger, updateRecord } from '../clients/ledger.ts';
import type { Pauses } from '../clients/pauses.ts';
import { openRoleSimulation } from '../clients/role-simulation/open-role-simulation.ts';
import type { RoleSimulation } from '../clients/role-simulation.ts';
import { backupRunKey, type SetReference } from '../records/backup/run.ts';
import type { Clock } from '../runtime/clock.ts';
import { type Invocation, makeLambda } from '../runtime/lambda.ts';
import type { BackupSubject } from './backup-subject.ts';
import * as contract from './check-preflight.contract.ts';
import { gatherFacts } from './preflight/gather-facts.ts';
import {
  type PreflightRecord,
  preflightRecordKind,
  recordPreflight,
  sayPreflight,
} from './preflight/preflight-record.ts';
import { judgePreflight } from './preflight/preflight-report.ts';
import { rulesFor } from './preflight/rules/registry.ts';
import { needsJob } from './run/job-wishes.ts';
import type { SetStore } from './sets/set-store.ts';
import { readBackup, wireLedger } from './wiring.ts';

interface Deps {
  readonly find: (environment: string, policy?: string) => BackupSubject;
  readonly ledger: Ledger;
  readonly pauses: Pauses;
  readonly sets: Pick<SetStore, 'read' | 'list' | 'listAll'>;
  readonly jobs: (subject: BackupSubject) => Pick<KubernetesJobs, 'readCronJob' | 'listJobs'>;
  readonly quotas: (subject: BackupSubject) => KubernetesQuotas;
  readonly simulation: (region: string) => RoleSimulation;
  readonly databases: (region: string) => Databases;
  readonly buckets: (region: string) => BucketFacts;
  readonly clock: Clock;
}

/**
 * Looks at everything that would stop a backup, or spoil it without a word, before it begins. It changes nothing, so a
 * repeat looks again.
 *
 * @throws TransientError while the ledger does not answer, or the cluster of what decides whether a run may begin.
 */
export const run = async (
  { set }: z.output<typeof contract.Input>,
  deps: Deps,
  { signal }: Pick<Invocation, 'signal'>,
): Promise<z.input<typeof contract.Output>> => {
  const subject = deps.find(set.environment, set.policy);
  const { region, policySettings } = subject;
  const now = deps.clock.now();
  const sources = {
    ledger: deps.ledger,
    pauses: deps.pauses,
    sets: deps.sets,
    jobs: deps.jobs(subject),
    quotas: deps.quotas(subject),
    simulation: deps.simulation(region),
    databases: deps.databases(region),
    buckets: deps.buckets(region),
  };
  const facts = await gatherFacts(subject, set, sources, { now, signal });
  const rules = rulesFor({ kind: policySettings.kind, needsJob: needsJob(subject) });
  const record = recordPreflight(judgePreflight(facts, rules), now);
  await updateRecord(
    deps.ledger,
    preflightRecordKind,
    backupRunKey(set, 'preflight'),
    () => record,
    deps.clock,
  );
  return {
    outcome: record.mayStart ? 'passed' : 'refused',
    ...sayPreflight(record, contract.MAX_SENTENCES, await readBefore(set, deps)),
  };
};

/** What was judged before the last run of the same policy; its record may have expired. */
const readBefore = async (
  set: SetReference,
  { ledger, sets }: Pick<Deps, 'ledger' | 'sets'>,
): Promise<PreflightRecord | undefined> => {
  const earlier = (await sets.list(set.environment, set.policy)).filter(({ id }) => id < set.id);
  const last = earlier.toSorted((a, b) => (a.id > b.id ? -1 : 1))[0];
  if (!last) return undefined;
  const key = backupRunKey({ environment: set.environment, id: last.id }, 'preflight');
  return (await ledger.read(preflightRecordKind, key))?.value;
};

export const handler = makeLambda({
  contract,
  deps: ({ LEDGER_BUCKET }): Deps => ({
    ...wireLedger(LEDGER_BUCKET),
    find: readBackup,
    jobs: connectKubernetesJobs,
    quotas: connectKubernetesQuotas,
    simulation: openRoleSimulation,
    databases: openDatabases,
    buckets: openBucketFacts,
  }),
  run,
});
