import { RefusedError, TransientError } from '../../runtime/errors.ts';

/** One question of the doctor and its answer. */

/** `not-checked` is an answer of its own: what could not be asked is never shown as well. */
export type Finding =
  | { readonly state: 'pass'; readonly detail: string }
  | { readonly state: 'fail'; readonly detail: string; readonly mend?: string }
  | { readonly state: 'not-checked'; readonly detail: string; readonly mend?: string };

/** A row of the doctor's table: what a run will need of one subject. */
export interface Check<Subject> {
  readonly name: string;
  /** Names of checks above it without which it cannot be made. */
  readonly needs?: readonly string[];
  readonly run: (subject: Subject) => Promise<Finding>;
}

/** A finding and what it is about: `site main`, `credentials`. */
export type Row = Finding & { readonly subject: string; readonly check: string };

export const pass = (detail: string): Finding => ({ state: 'pass', detail });
/** @param mend the exact rule, command or line of `drydock.yaml` that puts it right. */
export const fail = (detail: string, mend: string): Finding => ({ state: 'fail', detail, mend });
export const notChecked = (detail: string, mend?: string): Finding => ({
  state: 'not-checked',
  detail,
  ...(mend === undefined ? {} : { mend }),
});

/**
 * Makes all checks of one subject, in order; one whose needs are not met is not made.
 *
 * @param obstacle why none of them can be made, when something outside the subject is in the way.
 */
export const runChecks = async <Subject>(
  subject: string,
  checks: readonly Check<Subject>[],
  value: Subject,
  obstacle?: string,
): Promise<Row[]> => {
  const rows: Row[] = [];
  for (const { name, needs = [], run } of checks) {
    const unmet = rows.find((row) => needs.includes(row.check) && row.state !== 'pass');
    const waitsFor = obstacle ?? (unmet && `"${unmet.check}"`);
    const finding = waitsFor === undefined ? await make(run, value) : notChecked(`waits for ${waitsFor}`);
    rows.push({ subject, check: name, ...finding });
  }
  return rows;
};

/** What stands in the way of everything that needs this check: undefined when it passed. */
export const findObstacle = (rows: readonly Row[], check: string): string | undefined => {
  const row = rows.find((one) => one.check === check);
  return row === undefined || row.state === 'pass' ? undefined : `"${check}" of ${row.subject}`;
};

const make = async <Subject>(run: Check<Subject>['run'], value: Subject): Promise<Finding> => {
  try {
    return await run(value);
  } catch (error) {
    return explainError(error);
  }
};

/** Codes that say that we, who ask, lack a right; whether the Lambdas have it is another question. */
const OURS = new Set([
  'aws.forbidden',
  'eks.forbidden',
  'kubernetes.forbidden',
  'kubernetes.unauthorized',
  'secret.forbidden',
]);

/** An answer that says no is a failure; no answer, or none for us, is not. Messages of clients say what to do. */
const explainError = (error: unknown): Finding => {
  if (error instanceof RefusedError) {
    if (error.code === 'aws.no-credentials') return notChecked(error.message);
    return OURS.has(error.code)
      ? notChecked(error.message, ASK_AS_SOMEBODY_ELSE)
      : { state: 'fail', detail: error.message };
  }
  if (error instanceof TransientError) return notChecked(error.message);
  return notChecked(`the check itself broke: ${error instanceof Error ? error.message : String(error)}`);
};

const ASK_AS_SOMEBODY_ELSE =
  'This is about your own credentials, not about those of Drydock: run doctor again as somebody who may look.';
