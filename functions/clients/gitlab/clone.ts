import ky from 'ky';
import * as z from 'zod';

/** Milliseconds, for each of two questions, three attempts; the first one behind a restart is slow. */
const ATTEMPT_MS = 15_000;

const Projects = z.array(z.object({ http_url_to_repo: z.url(), empty_repo: z.boolean().optional() }));

/** `no-project`: strangers see none, so nobody can tell. `failed`: Git gets no answer that it could clone from. */
export type CloneAnswer =
  | { readonly state: 'answered'; readonly project: string }
  | { readonly state: 'no-project' }
  | { readonly state: 'failed'; readonly why: string };

/**
 * Asks for the branches of a public project as the first step of `git clone` does, with no credential: an answer takes
 * web, database and Gitaly.
 *
 * Source: Git documentation, gitprotocol-http, "Smart clients"; GitLab documentation, "Projects API".
 *
 * @returns why it failed; it does not throw.
 */
export const probeClone = async (url: string, signal?: AbortSignal): Promise<CloneAnswer> => {
  const base = url.endsWith('/') ? url : `${url}/`;
  const options = {
    timeout: ATTEMPT_MS,
    retry: { limit: 2, retryOnTimeout: true, backoffLimit: 1_000 },
    headers: { 'user-agent': 'git/2 (drydock)' },
    ...(signal && { signal }),
  };
  try {
    const query = 'api/v4/projects?visibility=public&simple=true&order_by=id&per_page=20';
    const listed = Projects.safeParse(await ky.get(new URL(query, base), options).json());
    const project = listed.data?.find(({ empty_repo: isEmpty }) => isEmpty !== true)?.http_url_to_repo;
    if (project === undefined) return { state: 'no-project' };
    // The host that it was asked at: one that stands beside another may name that one.
    const path = new URL(project).pathname.replace(/^\//, '');
    const address = new URL(`${new URL(path, new URL('/', base)).href}/info/refs?service=git-upload-pack`);
    const answer = await ky.get(address, options).text();
    return answer.includes('service=git-upload-pack')
      ? { state: 'answered', project }
      : { state: 'failed', why: `${project} gives no branches` };
  } catch (error) {
    signal?.throwIfAborted();
    return { state: 'failed', why: error instanceof Error ? error.name : 'no answer' };
  }
};
