import { type GitLabAnswer, refuse } from './answer.ts';

/** A runner that the local GitLab knows. */
export interface LocalRunner {
  readonly id: number;
  readonly description: string;
  readonly paused?: boolean;
  /** ISO 8601; absent of one that never asked for a job. */
  readonly contactedAt?: string;
}

/**
 * All runners, and one with its last contact, as an administrator sees them. Left out: pages, filters, and every
 * attribute but these.
 *
 * Source: GitLab documentation, "Runners API".
 *
 * @returns undefined for any other address.
 */
export const answerRunners = (
  { pathname }: URL,
  isAdministrator: boolean,
  runners: readonly LocalRunner[],
): GitLabAnswer | undefined => {
  const [, asked] = /^\/api\/v4\/runners\/(all|\d+)$/.exec(pathname) ?? [];
  if (asked === undefined) return undefined;
  if (!isAdministrator) return refuse(403, '403 Forbidden');
  if (asked === 'all') return { status: 200, body: runners.map(describe) };
  const one = runners.find(({ id }) => String(id) === asked);
  if (!one) return refuse(404, '404 Not found');
  return { status: 200, body: { ...describe(one), contacted_at: one.contactedAt ?? null } };
};

const describe = ({ id, description, paused = false }: LocalRunner) => ({ id, description, paused });
