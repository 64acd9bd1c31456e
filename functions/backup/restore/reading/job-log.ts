import type { KubernetesJobs } from '../../../clients/kubernetes-jobs.ts';
import type { TextReader } from '../../../clients/text-reader.ts';
import type { TextStore } from '../../../clients/text-store.ts';
import {
  type RestoreJobNote,
  type RestoreReference,
  restoreLogKey,
} from '../../../records/backup/restore.ts';
import type { Job } from '../../../records/kubernetes-job.ts';
import type { Pod } from '../../../records/workload.ts';
import type { Clock } from '../../../runtime/clock.ts';
import { RefusedError, TransientError } from '../../../runtime/errors.ts';
import { hasEnded } from '../../job/running-backups.ts';

/** The log of a Job, kept piece by piece in the ledger while it grows: nodes throw away what is long or old. */

/** Characters of one piece; as many are held in memory. */
const PIECE_CHARACTERS = 1_000_000;
/** Characters that are judged at most: the last ones of a log that is longer. */
const JUDGED_CHARACTERS = 32_000_000;
/** A node that is being taken away answers no more; the Job is judged without the rest of its log then. */
const PATIENCE_MS = 600_000;

interface LogSources {
  readonly jobs: Pick<KubernetesJobs, 'streamLog'>;
  readonly texts: TextStore;
  readonly clock: Clock;
  /** Asked after each piece: is the time of this look over? */
  readonly isOver: () => boolean;
}

export interface CopiedLog {
  /** How far it came: goes into the note of the Job. */
  readonly progress: Pick<RestoreJobNote, 'cursor' | 'pieces'>;
  /** Is nothing more to be waited for? */
  readonly isAll: boolean;
}

/**
 * Copies what the container has written since the last look. A piece is written before it is noted, and has a name of
 * its own, so that a repeat writes over it.
 */
export const copyJobLog = async (
  where: { readonly restore: RestoreReference; readonly note: RestoreJobNote; readonly container: string },
  seen: { readonly job: Job; readonly pods: readonly Pod[] },
  { jobs, texts, clock, isOver }: LogSources,
  signal: AbortSignal,
): Promise<CopiedLog> => {
  const { restore, note, container } = where;
  const { namespace } = note;
  let progress: CopiedLog['progress'] = {
    pieces: note.pieces,
    ...(note.cursor === undefined ? {} : { cursor: note.cursor }),
  };
  const [pod] = seen.pods;
  if (!pod) return { progress, isAll: hasEnded(seen.job) };
  try {
    const from = note.cursor === undefined ? {} : { from: note.cursor };
    const source = { namespace, pod: pod.name, container };
    const chunks = jobs.streamLog(source, { ...from, chunkCharacters: PIECE_CHARACTERS }, signal);
    for await (const { text, cursor } of chunks) {
      const pieces = progress.pieces + 1;
      await texts.write(restoreLogKey(restore.place, restore.id, note.name, pieces), text);
      progress = { cursor, pieces };
      if (isOver()) return { progress, isAll: false };
    }
    return { progress, isAll: true };
  } catch (error) {
    signal.throwIfAborted();
    if (!isOfCluster(error)) throw error;
    return { progress, isAll: endedFor(seen.job, clock.now()) > PATIENCE_MS };
  }
};

/** Of the cluster, not of the ledger: to go on without that would lose what was read. */
const isOfCluster = (error: unknown): boolean =>
  (error instanceof TransientError || error instanceof RefusedError) && error.code.startsWith('kubernetes.');

/** Milliseconds since its end; none of one that runs. */
const endedFor = ({ conditions }: Job, now: Date): number => {
  const ends = conditions.flatMap(({ type, status, at }) =>
    (type === 'Complete' || type === 'Failed') && status === 'True' && at !== undefined
      ? [Date.parse(at)]
      : [],
  );
  return ends.length === 0 ? 0 : now.getTime() - Math.max(...ends);
};

/** What was kept of a log, or its end where it is long. */
export const readJobLog = async (
  { place, id }: RestoreReference,
  { name, pieces }: Pick<RestoreJobNote, 'name' | 'pieces'>,
  texts: TextReader,
): Promise<string> => {
  const found: string[] = [];
  let characters = 0;
  for (let piece = pieces; piece >= 1 && characters < JUDGED_CHARACTERS; piece--) {
    const text = (await texts.read(restoreLogKey(place, id, name, piece))) ?? '';
    found.push(text);
    characters += text.length;
  }
  return found.toReversed().join('');
};
