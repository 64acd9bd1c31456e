import * as z from 'zod';
import { created, type GitLabCall, type GitLabOperation, list, ok, refuse } from './answer.ts';
import type { GitLabMergeRequest } from './project.ts';

/**
 * Merge requests: https://docs.gitlab.com/api/merge_requests/
 *
 * One open one for a pair of branches; a second is a conflict. Left out: merging through the API (a test calls
 * `merge`), approvals, pipelines, every other field and filter.
 */
export const MERGE_REQUEST_OPERATIONS: readonly GitLabOperation[] = [
  {
    method: 'GET',
    path: 'merge_requests',
    answer: (call) => {
      const { query, project } = call;
      const state = query.get('state') ?? 'all';
      const found = project.mergeRequests
        .filter((request) => state === 'all' || request.state === state)
        .filter(({ sourceBranch }) => (query.get('source_branch') ?? sourceBranch) === sourceBranch)
        .filter(({ targetBranch }) => (query.get('target_branch') ?? targetBranch) === targetBranch)
        .toReversed();
      return list(
        found.map((request) => describe(request, call)),
        query,
      );
    },
  },
  {
    method: 'POST',
    path: 'merge_requests',
    answer: (call) => {
      const { project } = call;
      const input = NewMergeRequest.safeParse(call.body);
      if (!input.success) return refuse(400, z.prettifyError(input.error));
      const { source_branch: sourceBranch, target_branch: targetBranch, title, description } = input.data;
      if (!project.branches.has(sourceBranch)) return refuse(400, ['Source branch does not exist']);
      const open = project.mergeRequests.find(
        (request) =>
          request.state === 'opened' &&
          request.sourceBranch === sourceBranch &&
          request.targetBranch === targetBranch,
      );
      if (open) {
        return refuse(409, [
          `Another open merge request already exists for this source branch: !${open.iid}`,
        ]);
      }
      const iid = project.mergeRequests.length + 1;
      const made: GitLabMergeRequest = {
        iid,
        title,
        description,
        state: 'opened',
        sourceBranch,
        targetBranch,
      };
      project.mergeRequests.push(made);
      return created(describe(made, call));
    },
  },
  {
    method: 'PUT',
    path: 'merge_requests/{}',
    answer: (call) => {
      const request = call.project.mergeRequests.find(({ iid }) => String(iid) === call.path[0]);
      if (!request) return refuse(404, '404 Not found');
      const input = Change.safeParse(call.body);
      if (!input.success) return refuse(400, z.prettifyError(input.error));
      const { title = request.title, description = request.description } = input.data;
      Object.assign(request, { title, description });
      return ok(describe(request, call));
    },
  },
];

const NewMergeRequest = z.object({
  source_branch: z.string().min(1),
  target_branch: z.string().min(1),
  title: z.string().min(1),
  description: z.string().default(''),
});

const Change = z.object({ title: z.string().min(1).optional(), description: z.string().optional() });

const describe = (request: GitLabMergeRequest, { project, webUrl }: GitLabCall): object => ({
  id: project.id * 1_000 + request.iid,
  iid: request.iid,
  project_id: project.id,
  title: request.title,
  description: request.description,
  state: request.state,
  source_branch: request.sourceBranch,
  target_branch: request.targetBranch,
  web_url: `${webUrl}/${project.path}/-/merge_requests/${request.iid}`,
});
