import { lookAgain } from '../look-again.ts';
import { joinLooks } from '../looked.ts';
import { isPatient } from '../mark-pace.ts';
import { countGitaly, nameUncounted, waitForCount } from './after-job.ts';
import { type StageRule, waitForAnswer } from './stage.ts';

/** Looks at every part of a finished set once more. Parts stay as they were noted where nobody answers. */
export const markAgain: StageRule = async (view, sources) => {
  const { reference, set, progress, now, signal } = view;
  const gitaly = await countGitaly(view, sources);
  const waiting = waitForCount(view, gitaly);
  if (waiting) return waiting;
  const others = await lookAgain(reference, set.parts, sources, signal);
  const look = joinLooks([gitaly.counting ? nameUncounted(gitaly) : gitaly, others]);
  if (look.mayPass && isPatient(progress, now)) return waitForAnswer(view, progress, look.problems);
  return { state: 'done', parts: look.parts, problems: look.problems, off: progress.off };
};
