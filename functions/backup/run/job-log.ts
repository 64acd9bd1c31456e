import type { KubernetesJobs } from '../../clients/kubernetes-jobs.ts';
import type { TextStore } from '../../clients/text-store.ts';
import { backupLogPrefix, type SetReference } from '../../records/backup/run.ts';
import type { Pod } from '../../records/workload.ts';
import { BACKUP_CONTAINER } from '../job/backup-job.ts';
import type { JobLog } from './job-fact.ts';
import { foldLog } from './log-fold.ts';

/** Characters of one object; as many are held in memory. */
const OBJECT_CHARACTERS = 1_000_000;

interface LogCopying {
  readonly jobs: Pick<KubernetesJobs, 'streamLog'>;
  readonly texts: TextStore;
  /** Keeps how far it came, so that a Lambda that dies reads one object again at most. */
  readonly keep: (log: JobLog) => Promise<void>;
  /** Asked after each object: is the time of this look over? */
  readonly isOver: () => boolean;
}

/**
 * Copies what a backup's container has written since the last look, and reads it on the way. An object is written before
 * it is noted, and has a name of its own, so that a repeat writes over it.
 *
 * @returns how far it came, and whether that was all that was there.
 */
export const copyLog = async (
  { set, namespace, pod }: { readonly set: SetReference; readonly namespace: string; readonly pod: Pod },
  before: JobLog,
  { jobs, texts, keep, isOver }: LogCopying,
  signal: AbortSignal,
): Promise<{ readonly log: JobLog; readonly isAll: boolean }> => {
  let log = before;
  const container = { namespace, pod: pod.name, container: BACKUP_CONTAINER };
  const from = before.cursor === undefined ? {} : { from: before.cursor };
  const chunks = jobs.streamLog(container, { ...from, chunkCharacters: OBJECT_CHARACTERS }, signal);
  for await (const { text, cursor } of chunks) {
    const objects = log.objects + 1;
    await texts.write(`${backupLogPrefix(set)}${String(objects).padStart(5, '0')}.log`, text);
    const lines = text.split('\n').slice(0, -1);
    const { lastLine: _, ...known } = log;
    log = { ...known, cursor, objects, characters: log.characters + text.length, ...foldLog(log, lines) };
    await keep(log);
    if (isOver()) return { log, isAll: false };
  }
  return { log, isAll: true };
};
