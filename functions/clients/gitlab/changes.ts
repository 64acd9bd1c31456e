import * as z from 'zod';
import { RefusedError } from '../../runtime/errors.ts';
import { projectPath, readMessage, takeBody } from './answers.ts';
import type { GitLabAnswer, GitLabSession } from './session.ts';

const File = z
  .object({ content: z.string(), encoding: z.literal('base64'), last_commit_id: z.string() })
  .transform(({ content, last_commit_id }) => ({
    text: Buffer.from(content, 'base64').toString('utf8'),
    /** The commit that changed it last. */
    commit: last_commit_id,
  }));
export type RepositoryFile = z.output<typeof File>;

const MergeRequest = z
  .object({ iid: z.int(), web_url: z.string(), title: z.string(), description: z.string().nullish() })
  .transform(({ iid, web_url, title, description }) => ({
    number: iid,
    url: web_url,
    title,
    description: description ?? '',
  }));
type MergeRequest = z.output<typeof MergeRequest>;

/** A new content of one file, to be offered to people. */
export interface Proposal {
  readonly project: string;
  readonly file: string;
  /** The branch that shall have it. */
  readonly branch: string;
  readonly content: string;
  readonly title: string;
  /** Markdown. */
  readonly description: string;
  /** The branch that the change is made on; the same name is the same proposal. */
  readonly source: string;
}

export type ProposalOutcome =
  | { readonly outcome: 'proposed'; readonly url: string; readonly number: number }
  /** The branch has this content: somebody merged it, or wrote the same. */
  | { readonly outcome: 'already-there' };

/** Files and merge requests of a project: https://docs.gitlab.com/api/repository_files/ and .../merge_requests/. */
export const openChanges = (ask: GitLabSession) => {
  /** The file as a branch has it; undefined when branch or file is not there. */
  const readFile = async (
    project: string,
    file: string,
    branch: string,
    signal?: AbortSignal,
  ): Promise<RepositoryFile | undefined> => {
    const path = projectPath(project, `repository/files/${encodeURIComponent(file)}`);
    const answer = await ask({ method: 'GET', path, query: { ref: branch }, signal });
    if (answer.status === 404 && !/project/i.test(readMessage(answer))) return undefined;
    return takeBody(answer, File, `project ${project}`);
  };

  /**
   * Offers a change as a merge request. Repeated, it is the same merge request with what is asked now; commits that
   * people added to its branch stay.
   *
   * @throws RefusedError `gitlab.missing` when the file is not on the branch, and what the session throws.
   */
  const proposeChange = async (proposal: Proposal, signal?: AbortSignal): Promise<ProposalOutcome> => {
    const { project, file, branch, content, source } = proposal;
    const current = await readFile(project, file, branch, signal);
    if (!current) {
      throw new RefusedError(
        'gitlab.missing',
        `There is no file ${file} on ${branch} of ${project}; correct upgrade.environments.*.gitlab.mergeRequest in drydock.yaml.`,
      );
    }
    if (current.text === content) return { outcome: 'already-there' };
    const offered = await readFile(project, file, source, signal);
    if (offered?.text !== content) await commit(proposal, offered !== undefined, signal);
    const { url, number } = await keepMergeRequest(proposal, signal);
    return { outcome: 'proposed', url, number };
  };

  /** On the source branch, which begins at the target branch when it is new. */
  const commit = async (
    proposal: Proposal,
    sourceExists: boolean,
    signal: AbortSignal | undefined,
  ): Promise<void> => {
    const { project, file, content, title, branch, source } = proposal;
    const answer = await ask({
      method: 'POST',
      path: projectPath(project, 'repository/commits'),
      body: {
        branch: source,
        ...(sourceExists ? {} : { start_branch: branch }),
        commit_message: title,
        actions: [{ action: 'update', file_path: file, content }],
      },
      signal,
    });
    // Another run, or the lost answer of this one, made the branch meanwhile.
    if (!sourceExists && isTakenBranch(answer)) return commit(proposal, true, signal);
    takeBody(answer, z.object({ id: z.string() }), `a commit on ${source} of ${project}`);
  };

  const findMergeRequest = async (
    { project, source, branch }: Proposal,
    signal: AbortSignal | undefined,
  ): Promise<MergeRequest | undefined> => {
    const query = { state: 'opened', source_branch: source, target_branch: branch };
    const path = projectPath(project, 'merge_requests');
    const answer = await ask({ method: 'GET', path, query, signal });
    return takeBody(answer, z.array(MergeRequest), `merge requests of ${project}`)[0];
  };

  const keepMergeRequest = async (
    proposal: Proposal,
    signal: AbortSignal | undefined,
  ): Promise<MergeRequest> => {
    const { project, source, branch, title, description } = proposal;
    const open = await findMergeRequest(proposal, signal);
    if (open?.title === title && open.description === description) return open;
    const answer = open
      ? await ask({
          method: 'PUT',
          path: projectPath(project, `merge_requests/${open.number}`),
          body: { title, description },
          signal,
        })
      : await ask({
          method: 'POST',
          path: projectPath(project, 'merge_requests'),
          body: {
            source_branch: source,
            target_branch: branch,
            title,
            description,
            remove_source_branch: true,
          },
          signal,
        });
    // Somebody else was faster: one open merge request a pair of branches.
    const made = answer.status === 409 ? await findMergeRequest(proposal, signal) : undefined;
    return made ?? takeBody(answer, MergeRequest, `a merge request of ${source} in ${project}`);
  };

  return { readFile, proposeChange };
};

const isTakenBranch = (answer: GitLabAnswer): boolean =>
  answer.status === 400 && /already exists/.test(readMessage(answer));
