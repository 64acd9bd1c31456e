import type * as z from 'zod';
import { RefusedError } from '../../runtime/errors.ts';
import type { GitLabAnswer } from './session.ts';

/** Address of a project in the API: its path is one encoded part. */
export const projectPath = (project: string, rest: string): string =>
  `projects/${encodeURIComponent(project)}/${rest}`;

/**
 * Takes what is needed out of a good answer.
 *
 * @throws RefusedError `gitlab.missing` (404: a project that a token may not see is one that is not there),
 *   `gitlab.refused` for every other status, `gitlab.no-api` for another shape.
 */
export const takeBody = <Schema extends z.ZodType>(
  answer: GitLabAnswer,
  schema: Schema,
  what: string,
): z.output<Schema> => {
  if (answer.status === 404) {
    throw new RefusedError(
      'gitlab.missing',
      `GitLab knows no ${what}, or does not show it to this token. Check the path in drydock.yaml and the token's project.`,
    );
  }
  if (answer.status >= 400) {
    throw new RefusedError('gitlab.refused', `GitLab refuses ${what}: ${readMessage(answer)}`);
  }
  const parsed = schema.safeParse(answer.body);
  if (parsed.success) return parsed.data;
  throw new RefusedError('gitlab.no-api', `GitLab answered about ${what} in a shape that is not its own.`);
};

/** What a GitLab says why: `{"message": ...}` (text, a list, or lists by field) or `{"error": ...}`. */
export const readMessage = ({ status, body }: GitLabAnswer): string => {
  if (typeof body !== 'object' || body === null) return String(status);
  const said = 'message' in body ? body.message : 'error' in body ? body.error : status;
  return (typeof said === 'string' ? said : JSON.stringify(said)).slice(0, 500);
};
