import * as z from 'zod';
import { projectPath, takeBody } from './answers.ts';
import type { GitLabSession } from './session.ts';

const Issue = z
  .object({
    iid: z.int(),
    web_url: z.string(),
    title: z.string(),
    description: z.string().nullish(),
    state: z.string(),
  })
  .transform(({ iid, web_url, title, description, state }) => ({
    number: iid,
    url: web_url,
    title,
    description: description ?? '',
    isOpen: state === 'opened',
  }));
export type Issue = z.output<typeof Issue>;

/** What an issue shall say. */
export interface IssueText {
  readonly title: string;
  /** Markdown. */
  readonly description: string;
}

/** An issue that is kept for something, found again by its marker. */
export interface KeptIssue extends IssueText {
  /** A label, and a comment that no reader sees: `drydock:shop`. */
  readonly marker: string;
  /** The number that it had last time. */
  readonly known?: number | undefined;
}

/** Issues of a project, https://docs.gitlab.com/api/issues/. */
export const openIssues = (ask: GitLabSession) => {
  const readIssue = async (
    project: string,
    number: number,
    signal?: AbortSignal,
  ): Promise<Issue | undefined> => {
    const path = projectPath(project, `issues/${number}`);
    const answer = await ask({ method: 'GET', path, signal });
    return answer.status === 404 ? undefined : takeBody(answer, Issue, `issue ${number} of ${project}`);
  };

  /**
   * The newest open issue with this marker. A label may be missing: who may not make labels gets none, silently. So
   * the hidden comment is searched as well.
   */
  const findIssue = async (
    project: string,
    marker: string,
    signal?: AbortSignal,
  ): Promise<Issue | undefined> => {
    const list = async (query: Readonly<Record<string, string>>): Promise<Issue[]> => {
      const path = projectPath(project, 'issues');
      const answer = await ask({ method: 'GET', path, query: { state: 'opened', ...query }, signal });
      return takeBody(answer, z.array(Issue), `issues of ${project}`);
    };
    const [labelled] = await list({ labels: marker });
    if (labelled) return labelled;
    const found = await list({ search: marker, in: 'description' });
    return found.find(({ description }) => description.includes(hide(marker)));
  };

  const createIssue = async (
    project: string,
    { title, description, marker }: KeptIssue,
    signal?: AbortSignal,
  ): Promise<Issue> => {
    const body = { title, description: withMarker(description, marker), labels: marker };
    const answer = await ask({ method: 'POST', path: projectPath(project, 'issues'), body, signal });
    return takeBody(answer, Issue, `a new issue in ${project}`);
  };

  const updateIssue = async (
    project: string,
    number: number,
    change: Partial<IssueText> & { readonly isOpen?: boolean },
    signal?: AbortSignal,
  ): Promise<Issue> => {
    const { isOpen, ...text } = change;
    const event = isOpen === undefined ? {} : { state_event: isOpen ? 'reopen' : 'close' };
    const path = projectPath(project, `issues/${number}`);
    const answer = await ask({ method: 'PUT', path, body: { ...text, ...event }, signal });
    return takeBody(answer, Issue, `issue ${number} of ${project}`);
  };

  /** Makes the issue, or brings it up to date; what says the same already is left alone, so that nobody is notified. */
  const keepIssue = async (project: string, kept: KeptIssue, signal?: AbortSignal): Promise<Issue> => {
    const known = kept.known === undefined ? undefined : await readIssue(project, kept.known, signal);
    const issue = known?.isOpen ? known : await findIssue(project, kept.marker, signal);
    if (!issue) return createIssue(project, kept, signal);
    const description = withMarker(kept.description, kept.marker);
    if (issue.title === kept.title && issue.description === description) return issue;
    return updateIssue(project, issue.number, { title: kept.title, description }, signal);
  };

  return { readIssue, findIssue, createIssue, updateIssue, keepIssue };
};

const hide = (marker: string): string => `<!-- ${marker} -->`;

const withMarker = (description: string, marker: string): string =>
  description.includes(hide(marker)) ? description : `${description}\n\n${hide(marker)}`;
