import type { Ledger } from '../../clients/ledger.ts';
import { backupLogPrefix, backupRunKey, type SetReference } from '../../records/backup/run.ts';
import type { BackupSet } from '../../records/backup/set.ts';
import type { BackupSetEntry } from '../../records/backup/set-index.ts';
import type { Notice } from '../../records/message.ts';
import type { SetStore } from '../sets/set-store.ts';
import { listVerified } from '../sets/verified-sets.ts';
import {
  composeNoSetNotice,
  composeSetNotice,
  type EndState,
  type NoSetOutcome,
} from '../telling/set-notice.ts';
import type { BackupEnding } from './backup-ending.ts';
import { type JobFact, jobFactKind } from './job-fact.ts';

interface Sources {
  readonly ledger: Pick<Ledger, 'read'>;
  readonly sets: Pick<SetStore, 'list'>;
  readonly now: Date;
}

/** The one message about the end of a run. */
export const composeEnd = async (
  ending: BackupEnding,
  { reference, set }: { readonly reference: SetReference | undefined; readonly set: BackupSet | undefined },
  { ledger, sets, now }: Sources,
): Promise<Notice> => {
  const { execution, environment, policy, outcome, reasons, concerns } = ending;
  const job = reference && (await ledger.read(jobFactKind, backupRunKey(reference, 'job')))?.value;
  if (!set || !isEndState(set.state) || isNoSet(outcome)) {
    const isLost = !set && job !== undefined;
    const told = isNoSet(outcome) ? outcome : 'not-begun';
    return composeNoSetNotice(
      {
        environment,
        policy,
        outcome: isLost ? 'lost' : told,
        reasons: [...reasons, ...concerns],
        command: isLost ? endingOf(job) : undefined,
      },
      { execution, now },
    );
  }
  const before = findBefore(await sets.list(environment, set.policy), set);
  // Of a set that failed its own failure says it; one that was written, and whose run broke off behind that, does not.
  const also = [...(set.state === 'failed' ? [] : reasons), ...concerns, ...describeJob(job, set)];
  return composeSetNotice({ ...set, state: set.state }, before, {
    execution,
    now,
    also,
    command: job && set.state === 'failed' ? endingOf(job) : undefined,
  });
};

const isEndState = (state: BackupSet['state']): state is EndState =>
  state !== 'running' && state !== 'deleted';

const isNoSet = (outcome: BackupEnding['outcome']): outcome is Exclude<NoSetOutcome, 'not-begun' | 'lost'> =>
  outcome === 'refused' || outcome === 'overlapped' || outcome === 'paused';

/** The last verified set of the same policy and kind. */
const findBefore = (sets: readonly BackupSetEntry[], { id, kind }: BackupSet): BackupSetEntry | undefined =>
  listVerified(sets).find((one) => one.kind === kind && one.id !== id);

/**
 * Where the log is, for a backup that failed; and that its Job may be at work although its run is over. Who made it may
 * take it away again by himself, once he sees that the run was ended meanwhile.
 */
const describeJob = (job: JobFact | undefined, set: BackupSet): string[] => {
  if (!job || set.state !== 'failed') return [];
  const goesOn = `Its Job ${job.namespace}/${job.name} was not seen to end. If it is still there, it goes on, and the command below ends it.`;
  return [
    ...(job.end ? [] : [goesOn]),
    ...(job.log.objects > 0
      ? [`What the tool wrote: ${backupLogPrefix(set)} in the ledger, for 14 days.`]
      : []),
  ];
};

/** Ends a Job that nobody watches any more. */
const endingOf = ({ end, namespace, name }: JobFact): string | undefined =>
  end && end.reason !== 'unreachable' ? undefined : `kubectl --namespace ${namespace} delete job ${name}`;
