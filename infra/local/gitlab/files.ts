import { createHash } from 'node:crypto';
import * as z from 'zod';
import { created, type GitLabOperation, ok, refuse } from './answer.ts';
import { commitFile } from './project.ts';

/**
 * Files, branches and commits: https://docs.gitlab.com/api/repository_files/, https://docs.gitlab.com/api/commits/
 *
 * A commit goes on top of its branch, or begins a new one at `start_branch`, which must not be there then. Its actions
 * create or update whole files of text. Left out: every other action, `force`, history, binary files.
 */
export const FILE_OPERATIONS: readonly GitLabOperation[] = [
  {
    method: 'GET',
    path: 'repository/files/{}',
    answer: ({ project, path: [file = ''], query }) => {
      const ref = query.get('ref');
      if (ref === null) return refuse(400, 'ref is missing');
      const branch = project.branches.get(ref);
      if (!branch) return refuse(404, '404 Commit Not Found');
      const found = branch.files.get(file);
      if (!found) return refuse(404, '404 File Not Found');
      const bytes = Buffer.from(found.content, 'utf8');
      return ok({
        file_name: file.split('/').at(-1),
        file_path: file,
        size: bytes.length,
        encoding: 'base64',
        content: bytes.toString('base64'),
        content_sha256: createHash('sha256').update(bytes).digest('hex'),
        ref,
        commit_id: branch.commit,
        last_commit_id: found.commit,
        execute_filemode: false,
      });
    },
  },
  {
    method: 'GET',
    path: 'repository/branches/{}',
    answer: ({ project, path: [name = ''] }) => {
      const branch = project.branches.get(name);
      if (!branch) return refuse(404, '404 Branch Not Found');
      return ok({
        name,
        commit: { id: branch.commit },
        default: name === 'main',
        protected: name === 'main',
      });
    },
  },
  {
    method: 'POST',
    path: 'repository/commits',
    answer: ({ project, body }) => {
      const input = Commit.safeParse(body);
      if (!input.success) return refuse(400, z.prettifyError(input.error));
      const { branch, start_branch, actions } = input.data;
      const existing = project.branches.get(branch);
      if (existing && start_branch !== undefined) {
        return refuse(
          400,
          `A branch called '${branch}' already exists. Switch to that branch in order to make changes`,
        );
      }
      let head = existing ?? project.branches.get(start_branch ?? '');
      if (!head) return refuse(400, 'You can only create or edit files when you are on a branch');
      for (const { action, file_path, content } of actions) {
        if (head.files.has(file_path) === (action === 'create')) {
          const why = action === 'create' ? 'already exists' : "doesn't exist";
          return refuse(400, `A file with this name ${why}`);
        }
        head = commitFile(head, file_path, content);
      }
      project.branches.set(branch, head);
      return created({
        id: head.commit,
        short_id: head.commit.slice(0, 8),
        title: input.data.commit_message,
      });
    },
  },
];

const Commit = z.object({
  branch: z.string().min(1),
  start_branch: z.string().optional(),
  commit_message: z.string().min(1),
  actions: z
    .array(z.object({ action: z.enum(['create', 'update']), file_path: z.string(), content: z.string() }))
    .min(1),
});
