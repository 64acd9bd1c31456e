import { createHash } from 'node:crypto';
import type * as z from 'zod';
import { connectKubernetesJobs } from '../clients/kubernetes-jobs.ts';
import { keepFirst, type Ledger } from '../clients/ledger.ts';
import type { Pauses } from '../clients/pauses.ts';
import { restoreExtensionKey } from '../records/backup/restore-limits.ts';
import { placeOf, type RestoreTarget } from '../records/backup/restore-plan.ts';
import type { Configuration } from '../records/configuration.ts';
import type { Clock } from '../runtime/clock.ts';
import { readConfiguration } from '../runtime/configuration.ts';
import { type Invocation, makeLambda } from '../runtime/lambda.ts';
import { nameCronJob } from './job/backup-job.ts';
import { type AskedJobs, askPod, done, type PodQuestion } from './probe/ask-pod.ts';
import { PROBE_DEADLINE_SECONDS } from './probe/probe-job.ts';
import type { EndedPod } from './probe/watch-probe.ts';
import * as contract from './probe-extensions.contract.ts';
import {
  describeExtensions,
  type ExtensionRecord,
  extensionRecordKind,
} from './restore/extensions/extension-record.ts';
import { readExtensionReport } from './restore/extensions/extension-report.ts';
import { findRestore } from './restore/reading/restore-subject.ts';
import { makeRestoreJob, RESTORE_CONTAINERS } from './restore/restore-job.ts';
import { wireLedger } from './wiring.ts';

interface Deps {
  readonly ledger: Ledger;
  readonly pauses: Pauses;
  readonly configuration: Configuration;
  readonly jobs: (target: RestoreTarget) => AskedJobs;
  readonly clock: Clock;
}

type Input = z.output<typeof contract.Input>;
type Output = z.input<typeof contract.Output>;

/**
 * Lets a pod of the toolbox ask the database of the place which extensions there are, and which of them the role of
 * GitLab could make anew, and notes it for the plan; see `askPod`. It reads, and no restore stops for it.
 *
 * @throws TransientError while the cluster or the ledger does not answer.
 */
export const run = async (
  { execution, request }: Input,
  deps: Deps,
  invocation: Pick<Invocation, 'signal' | 'log'>,
): Promise<Output> => {
  const noted = await deps.ledger.read(extensionRecordKind, restoreExtensionKey(execution.name));
  if (noted) return done(describeExtensions(noted.value));
  return askPod(
    {
      title: 'The Job that asked the database',
      container: RESTORE_CONTAINERS.extensions,
      plan: () => {
        const { target } = findRestore(deps.configuration, request);
        return planLook(target, execution.name, deps, invocation.signal);
      },
      read: explain,
      note: (found) => note(execution.name, found, deps),
    },
    deps.clock,
    invocation,
  );
};

const planLook = async (
  target: RestoreTarget,
  execution: string,
  { jobs: connect, pauses }: Deps,
  signal: AbortSignal,
): ReturnType<PodQuestion<unknown>['plan']> => {
  const jobs = connect(target);
  const { namespace, release, environment } = target;
  const pause = await pauses.judge({ capability: 'backup', environment, target: placeOf(target) });
  if (!pause.ok) return { ok: false, why: pause.reason };
  const name = nameCronJob(release);
  const cronJob = await jobs.readCronJob({ namespace, name }, signal);
  if (!cronJob) return { ok: false, why: `there is no CronJob ${namespace}/${name}` };
  const plan = makeRestoreJob(cronJob, {
    note: { name: nameLook(release, execution) },
    execution,
    deadlineSeconds: PROBE_DEADLINE_SECONDS,
    work: { kind: 'extensions' },
  });
  return plan.ok ? { ...plan, jobs } : plan;
};

/** At most 63 characters, and the same for each repeat. */
const nameLook = (release: string, execution: string): string => {
  const hash = createHash('sha256').update([release, execution].join('\n')).digest('hex');
  return `${release.slice(0, 26).replace(/-+$/, '')}-toolbox-extensions-${hash.slice(0, 10)}`;
};

const explain = ({ log, failure }: EndedPod): ExtensionRecord['found'] => {
  const value = readExtensionReport(log);
  // Of several databases some may have answered: those that did not would be taken for well.
  if (failure !== undefined) return { known: false, why: failure };
  if (value.length === 0) return { known: false, why: 'the pod that asked it ended well and wrote nothing' };
  return { known: true, value: [...value] };
};

const note = async (
  execution: string,
  found: ExtensionRecord['found'],
  { ledger, clock }: Deps,
): Promise<string> => {
  const record: ExtensionRecord = { version: 1, lookedAt: clock.now().toISOString(), found };
  return describeExtensions(
    await keepFirst(ledger, extensionRecordKind, restoreExtensionKey(execution), record, clock),
  );
};

export const handler = makeLambda({
  contract,
  deps: ({ LEDGER_BUCKET }): Deps => ({
    ...wireLedger(LEDGER_BUCKET),
    configuration: readConfiguration(),
    jobs: connectKubernetesJobs,
  }),
  run,
});
