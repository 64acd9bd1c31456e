import * as z from 'zod';
import { created, type GitLabCall, type GitLabOperation, list, ok, refuse } from './answer.ts';
import type { GitLabIssue } from './project.ts';

/**
 * Issues: https://docs.gitlab.com/api/issues/
 *
 * Listed newest first, by state, labels (all of them) and text in title or description. A label that is not there is
 * made, or left out without a word where the token may not. Left out: every other field and filter.
 */
export const ISSUE_OPERATIONS: readonly GitLabOperation[] = [
  {
    method: 'GET',
    path: 'issues',
    answer: (call) => {
      const { query, project } = call;
      const labels = query.get('labels')?.split(',') ?? [];
      const state = query.get('state') ?? 'all';
      const found = project.issues
        .filter((issue) => state === 'all' || issue.state === state)
        .filter((issue) => labels.every((label) => issue.labels.includes(label)))
        .filter((issue) => isFound(issue, query))
        .toReversed();
      return list(
        found.map((issue) => describe(issue, call)),
        query,
      );
    },
  },
  {
    method: 'POST',
    path: 'issues',
    answer: (call) => {
      const input = NewIssue.safeParse(call.body);
      if (!input.success) return refuse(400, { title: ["can't be blank"] });
      const { project, now } = call;
      const issue: GitLabIssue = {
        iid: project.issues.length + 1,
        title: input.data.title,
        description: input.data.description,
        labels: project.canMakeLabels ? input.data.labels : [],
        state: 'opened',
        createdAt: now(),
        updatedAt: now(),
      };
      project.issues.push(issue);
      return created(describe(issue, call));
    },
  },
  {
    method: 'GET',
    path: 'issues/{}',
    answer: (call) => {
      const issue = find(call);
      return issue ? ok(describe(issue, call)) : refuse(404, '404 Not found');
    },
  },
  {
    method: 'PUT',
    path: 'issues/{}',
    answer: (call) => {
      const issue = find(call);
      if (!issue) return refuse(404, '404 Not found');
      const input = Change.safeParse(call.body);
      if (!input.success) return refuse(400, z.prettifyError(input.error));
      const { title = issue.title, description = issue.description, state_event } = input.data;
      Object.assign(issue, { title, description, updatedAt: call.now() });
      if (state_event) issue.state = state_event === 'close' ? 'closed' : 'opened';
      return ok(describe(issue, call));
    },
  },
];

/** Labels come as a list or as text with commas. */
const Labels = z.union([z.array(z.string()), z.string().transform((text) => text.split(','))]);

const NewIssue = z.object({
  title: z.string().min(1).max(255),
  description: z.string().default(''),
  labels: Labels.default([]),
});

const Change = z.object({
  title: z.string().min(1).max(255).optional(),
  description: z.string().optional(),
  state_event: z.enum(['close', 'reopen']).optional(),
});

const find = ({ project, path: [iid] }: GitLabCall): GitLabIssue | undefined =>
  project.issues.find((issue) => String(issue.iid) === iid);

const isFound = (issue: GitLabIssue, query: URLSearchParams): boolean => {
  const search = query.get('search')?.toLowerCase();
  if (search === undefined) return true;
  const places = (query.get('in') ?? 'title,description').split(',');
  return [places.includes('title') && issue.title, places.includes('description') && issue.description].some(
    (text) => text !== false && text.toLowerCase().includes(search),
  );
};

const describe = (issue: GitLabIssue, { project, webUrl }: GitLabCall): object => ({
  id: project.id * 1_000 + issue.iid,
  iid: issue.iid,
  project_id: project.id,
  title: issue.title,
  description: issue.description,
  state: issue.state,
  labels: issue.labels,
  created_at: issue.createdAt.toISOString(),
  updated_at: issue.updatedAt.toISOString(),
  web_url: `${webUrl}/${project.path}/-/issues/${issue.iid}`,
});
