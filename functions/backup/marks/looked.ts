import type { PartProblem, PartProblemCode } from '../../records/backup/mark-progress.ts';
import type { BackupPart } from '../../records/backup/set-parts.ts';
import { RefusedError, TransientError } from '../../runtime/errors.ts';

/** What came of a look at one part of a set. */
export interface Looked {
  readonly parts: readonly BackupPart[];
  readonly problems: readonly PartProblem[];
  /** Somebody did not answer, and may soon: worth another look. */
  readonly mayPass?: boolean;
}

export const marked = (...parts: readonly BackupPart[]): Looked => ({ parts, problems: [] });

export const problem = (code: PartProblemCode, subject: string, message: string): Looked => ({
  parts: [],
  problems: [{ code, subject, message }],
});

export const joinLooks = (looks: readonly Looked[]): Looked => ({
  parts: looks.flatMap(({ parts }) => parts),
  problems: looks.flatMap(({ problems }) => problems),
  mayPass: looks.some(({ mayPass }) => mayPass === true),
});

/** Code of the error that ends a look: somebody has ended the run, and nothing more is made for it. */
export const RUN_ENDED = 'backup.ended';

/**
 * Looks at something, and makes a problem of what is refused or does not answer: one part that can not be looked at takes
 * nothing from the others.
 *
 * @param otherwise which problem it is, by the code of the error.
 * @throws RefusedError `backup.ended`; and what is no answer of a service: a defect of ours.
 */
export const lookAt = async (
  subject: string,
  otherwise: PartProblemCode | ((code: string) => PartProblemCode),
  look: () => Promise<Looked>,
): Promise<Looked> => {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof RefusedError || error instanceof TransientError)) throw error;
    if (error.code === RUN_ENDED) throw error;
    const code = typeof otherwise === 'string' ? otherwise : otherwise(error.code);
    return { ...problem(code, subject, error.message), mayPass: error instanceof TransientError };
  }
};
