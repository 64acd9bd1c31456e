/**
 * How bad a finding is. `trap`: these values surely lose or skip data, or break a restore. `risk`: they do so when
 * something else happens as well. `not-checked`: what decides lies outside of the values, in a secret for example, and
 * was not given. `note`: worth knowing, and true of every installation; it changes no verdict.
 */
export type Severity = 'trap' | 'risk' | 'not-checked' | 'note';

/** What a rule says of one place in the values; no verdict at all is a pass. */
export interface ValuesVerdict {
  readonly severity: Severity;
  /** Where it stands, or would stand: `gitlab.toolbox.backups.cron.suspend`. */
  readonly path: string;
  /** Why it bites; one or two sentences. Never holds a value that may be a secret. */
  readonly message: string;
  /** What to write instead, or where to look; said by machines as by the command. */
  readonly remedy: string;
  /** What to give the command so that it can tell; said in a terminal alone. */
  readonly option?: string;
}

export interface ValuesFinding extends ValuesVerdict {
  /** Code of the rule. */
  readonly code: string;
}
