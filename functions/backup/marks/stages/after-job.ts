import type { BackupPart } from '../../../records/backup/set-parts.ts';
import { joinLooks, type Looked, marked, problem } from '../looked.ts';
import { type GitalyLook, markGitaly } from '../mark-gitaly.ts';
import { COUNT_HOURS, isOver, isPatient } from '../mark-pace.ts';
import { renewProblems } from '../progress.ts';
import { GITALY } from '../subjects.ts';
import {
  type StageResult,
  type StageRule,
  type StageSources,
  type StageView,
  waitForAnswer,
} from './stage.ts';

/**
 * Counts what Gitaly wrote by itself, and moves the marks of the buckets that an archive leaves out behind its Job: its
 * database, dumped in between, then points to nothing that their moment does not hold.
 */
export const markAfterJob: StageRule = async (view, sources) => {
  const { progress, now } = view;
  const gitaly = await countGitaly(view, sources);
  const waiting = waitForCount(view, gitaly);
  if (waiting) return waiting;
  const look = joinLooks([gitaly.counting ? nameUncounted(gitaly) : gitaly, moveMarks(view)]);
  if (look.mayPass && isPatient(progress, now)) return waitForAnswer(view, progress, look.problems);
  const problems = renewProblems(progress.problems, look.problems, [GITALY]);
  return { state: 'done', parts: look.parts, problems, off: progress.off };
};

/** Counts on in the next Lambda, or asks again, with how far this one came; undefined when it came to an end. */
export const waitForCount = (
  view: Pick<StageView, 'progress' | 'now'>,
  { counting, mayPass, problems }: GitalyLook,
): StageResult | undefined => {
  if (!counting) return undefined;
  const { silentSince: _over, ...answered } = view.progress;
  if (mayPass && isPatient(view.progress, view.now)) {
    return waitForAnswer(view, { ...view.progress, gitaly: counting }, problems);
  }
  const isLate = isOver(new Date(view.progress.startedAt), view.now, COUNT_HOURS * 60);
  if (problems.length > 0 || isLate) return undefined;
  const message = `${counting.projects} repositories of projects are counted so far.`;
  return { state: 'waiting', message, waitSeconds: 1, progress: { ...answered, gitaly: counting } };
};

/** Of a count that came to no end: what ended it, or that its time is over. */
export const nameUncounted = ({ problems, counting }: GitalyLook): Looked => {
  if (problems.length > 0) return { parts: [], problems };
  const message = `After ${COUNT_HOURS} hours ${counting?.projects ?? 0} repositories were counted, and not all names read.`;
  return problem('gitaly-unfinished', GITALY, message);
};

/** Of a set whose repositories lie in its archive there is nothing to count. */
export const countGitaly = async (
  { set, policy, release, job, progress, now, hasTime, signal }: StageView,
  { keys }: Pick<StageSources, 'keys'>,
): Promise<GitalyLook> => {
  const noted = set.parts.find(({ kind }) => kind === 'gitaly');
  if (job?.repositoriesServerSide !== true && noted === undefined) return marked();
  const inValues = release?.state === 'read' ? release.gitaly.bucket : undefined;
  const known = noted?.kind === 'gitaly' ? noted.bucket : policy.settings.gitaly?.bucket;
  const takenAt = noted?.takenAt ?? job?.startedAt ?? job?.createdAt ?? now.toISOString();
  const request = { id: set.id, bucket: known ?? inValues, takenAt, from: progress.gitaly };
  return markGitaly(request, keys, hasTime, signal);
};

const moveMarks = ({ set, now }: StageView): Looked => {
  if (set.kind !== 'tar') return marked();
  const moment = now.toISOString();
  const moved = set.parts.flatMap((part): BackupPart[] =>
    part.kind === 'bucket' ? [{ ...part, at: moment, takenAt: moment }] : [],
  );
  return marked(...moved);
};
