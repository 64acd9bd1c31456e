import type { KubernetesJobs } from '../../../clients/kubernetes-jobs.ts';
import type { KubernetesScaling } from '../../../clients/kubernetes-scaling.ts';
import type { Ledger } from '../../../clients/ledger.ts';
import type { ObjectFinder } from '../../../clients/object-keys.ts';
import type { TextReader } from '../../../clients/text-reader.ts';
import type { TextStore } from '../../../clients/text-store.ts';
import type { RestoreReference, RestoreRun } from '../../../records/backup/restore.ts';
import { restoreFactKey } from '../../../records/backup/restore-limits.ts';
import type { BackupSet } from '../../../records/backup/set.ts';
import type { Clock } from '../../../runtime/clock.ts';
import { readNativeLook } from '../native/native-look.ts';
import type { CurrentStep } from '../run-steps.ts';
import { failed, plainTurn, type StepTurn, waitFor } from '../step-turn.ts';
import { type TurnReaders, takeTurn } from '../take-turn.ts';
import { findJobNote } from '../turns/job-turn.ts';
import { lookAtArchive } from './archive-look.ts';
import { type CopiedLog, copyJobLog, readJobLog } from './job-log.ts';
import { containerOf } from './job-work.ts';
import { restoreObjectsKind, summariseCopies } from './objects-fact.ts';
import { lookAtAllRunners, lookFromOutside, type OutsideSources } from './outside-look.ts';
import { lookAtPlace } from './place-look.ts';
import { lookAtSafetyBackup, type SafetySources } from './safety-backup.ts';
import { noteSaved, type RestoreSecretsFact } from './secrets-fact.ts';

/** Where one look finds what it needs. */
export interface LookSources extends SafetySources {
  readonly ledger: Pick<Ledger, 'read'>;
  readonly jobs: Pick<KubernetesJobs, 'observeJob' | 'streamLog'>;
  readonly scaling: Pick<KubernetesScaling, 'listWorkloads' | 'listAutoscalers' | 'listCronJobs'>;
  readonly texts: TextStore & TextReader;
  readonly outside: OutsideSources;
  readonly archives: ObjectFinder;
  readonly clock: Clock;
  /** Is the time of this look over? */
  readonly isOver: () => boolean;
}

interface Look {
  readonly restore: RestoreReference;
  readonly run: RestoreRun;
  readonly current: CurrentStep;
  /** The set that is restored, as it stands now. */
  readonly set: BackupSet | undefined;
  /** Where its archive lies, by drydock.yaml. */
  readonly archiveBucket: string;
  /** What was seen of the Secrets; undefined where the step needs none. */
  readonly secrets: RestoreSecretsFact | undefined;
  readonly now: Date;
}

/**
 * Looks at the step at hand: what is read, what it comes to, and how far the log of its Job was copied. Nothing of the
 * cluster is changed by it.
 *
 * @throws what the clients throw.
 */
export const takeLook = async (look: Look, sources: LookSources, signal: AbortSignal): Promise<StepTurn> => {
  const { run, current, set } = look;
  if (isSetLost(look)) {
    return plainTurn(
      failed(`set ${run.plan.set.id} is ${set?.state ?? 'gone'} and can not be restored any more`),
    );
  }
  if (look.secrets?.problem !== undefined) return plainTurn(failed(look.secrets.problem));
  const logs = new Map<string, CopiedLog>();
  const turn = await takeTurn(run, current, openReaders(look, logs, sources, signal));
  const noted = look.secrets ? { ...turn, notes: noteSaved([...turn.notes], look.secrets) } : turn;
  return withLog(run, current, noted, logs);
};

/**
 * Upkeep deletes nothing of a place that is locked, but may have while the safety backup had the lock; and a set can be
 * read again and found damaged at any time.
 */
const isSetLost = ({ run, current, set }: Look): boolean =>
  run.way === 'restore' &&
  run.destructiveAt === undefined &&
  current.step !== 'safety-backup' &&
  (set === undefined || set.deletion !== undefined || (set.state !== 'verified' && !isLetPass(run)));

/** A person has let a set pass that is not verified. */
const isLetPass = ({ plan }: RestoreRun): boolean =>
  plan.request.overrides.some(({ check }) => check === 'set-verified');

/** A Job counts as ended when its log was read: what is in it decides. */
const withLog = (
  run: RestoreRun,
  current: CurrentStep,
  turn: StepTurn,
  logs: ReadonlyMap<string, CopiedLog>,
): StepTurn => {
  const own = findJobNote(run, current);
  const log = own && logs.get(own.name);
  if (!own || !log) return turn;
  const isDecided = turn.verdict.state === 'done' || turn.verdict.state === 'failed';
  if (isDecided && !log.isAll) {
    const waiting = plainTurn(waitFor(1, `reads the log of Job ${own.name}`));
    return { ...waiting, job: { ...own, ...log.progress } };
  }
  return { ...turn, job: { ...(turn.job ?? own), ...log.progress } };
};

const openReaders = (
  { restore, run, current, set, archiveBucket, secrets, now }: Look,
  logs: Map<string, CopiedLog>,
  sources: LookSources,
  signal: AbortSignal,
): TurnReaders => {
  const { jobs, scaling, texts, ledger, clock, isOver, outside } = sources;
  const { namespace } = run.plan.target;
  const container = containerOf(current);
  return {
    place: () => lookAtPlace(scaling, namespace, now, signal),
    secrets: async () => ({
      now,
      ofSet: set?.secrets?.fingerprints.secrets ?? [],
      current: secrets?.current ?? [],
      workloads: await scaling.listWorkloads(namespace, signal),
    }),
    safety: () => lookAtSafetyBackup(run, current, sources),
    archive: () => lookAtArchive(set, archiveBucket, sources.archives, now, signal),
    job: async ({ namespace: where, name }) => {
      const { job, pods } = await jobs.observeJob({ namespace: where, name }, signal);
      const note = findJobNote(run, current);
      if (job && note?.name === name && container !== undefined) {
        const reading = { jobs, texts, clock, isOver };
        logs.set(name, await copyJobLog({ restore, note, container }, { job, pods }, reading, signal));
      }
      return { job, pods, now };
    },
    log: (note) => readJobLog(restore, { ...note, ...logs.get(note.name)?.progress }, texts),
    copiedBack: async () => {
      const fact = (await ledger.read(restoreObjectsKind, restoreFactKey(restore, 'objects')))?.value;
      return summariseCopies(fact?.attempt === current.attempt ? fact : undefined);
    },
    native: async () => readNativeLook(restore, ledger, now),
    probe: async (since) =>
      lookFromOutside(outside, await scaling.listWorkloads(namespace, signal), since, now),
    runners: async (since) => {
      const openedAt = run.steps.find(({ way, step }) => way === run.way && step === 'open')?.endedAt;
      const times = { since, takenAt: run.plan.takenAt, openedAt: openedAt ?? now.toISOString() };
      return lookAtAllRunners(outside, await scaling.listWorkloads(namespace, signal), times, now);
    },
  };
};
