import type { VerificationReason } from '../../../records/backup/verification.ts';
import { makePartReason } from '../part-reasons.ts';
import type { PartLook } from '../part-rule.ts';
import { GITALY } from '../subjects.ts';

/**
 * Repositories of a native set: manifests under its id, against what the log of its Job says was written. It has no dump
 * that would tell of projects. Those of an archive its own rules count.
 */
export const judgeGitaly = ({ set, expected, problems = [], written }: PartLook): VerificationReason[] => {
  if (!expected.gitaly || problems.some(({ subject }) => subject === GITALY)) return [];
  const part = set.parts.find(({ kind }) => kind === 'gitaly');
  if (part?.kind !== 'gitaly' || part.projects === undefined) {
    return [makePartReason('part-unmarked', GITALY, 'Nobody counted what Gitaly backed up.')];
  }
  const found = `Bucket ${part.bucket} holds ${part.projects} repositories of projects under ${part.id}`;
  if (written === undefined) {
    return part.projects === 0
      ? [makePartReason('gitaly-uncounted', GITALY, `${found}.`)]
      : [makePartReason('gitaly-not-compared', GITALY, `${found}.`)];
  }
  return part.projects < written
    ? [
        makePartReason(
          'gitaly-incomplete',
          GITALY,
          `${found}, and the log says that ${written} were written.`,
        ),
      ]
    : [];
};
