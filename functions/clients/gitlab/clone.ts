import ky, { HTTPError } from 'ky';
import * as z from 'zod';

/** Milliseconds, for each of two questions, three attempts; the first one behind a restart is slow. */
const ATTEMPT_MS = 15_000;

const Projects = z.array(z.object({ http_url_to_repo: z.url(), empty_repo: z.boolean().optional() }));

/**
 * `no-project`: strangers see none, so nobody can tell. `denied`: the token may not read it. `failed`: Git gets no answer
 * that it could clone from.
 */
export type CloneAnswer =
  | { readonly state: 'answered'; readonly project: string }
  | { readonly state: 'no-project' }
  | { readonly state: 'denied'; readonly why: string }
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

/** A project behind a login, and a token that reads it. */
export interface CloneLogin {
  /** `platform/clusters`. */
  readonly project: string;
  /** With the scope read_repository. */
  readonly token: string;
}

/**
 * Asks the same of one project behind a login.
 *
 * Source: GitLab documentation, "Personal access tokens", "Clone repository using personal access token": any name of a
 * user goes with it. A project that a token may not see is one that is not there, 404.
 *
 * @returns why it failed; it does not throw, and no text holds the token.
 */
export const probePrivateClone = async (
  url: string,
  { project, token }: CloneLogin,
  signal?: AbortSignal,
): Promise<CloneAnswer> => {
  const base = url.endsWith('/') ? url : `${url}/`;
  const path = project.split('/').map(encodeURIComponent).join('/');
  const address = new URL(`${path}.git/info/refs?service=git-upload-pack`, base);
  try {
    const answer = await ky
      .get(address, {
        redirect: 'manual',
        timeout: ATTEMPT_MS,
        retry: { limit: 2, retryOnTimeout: true, backoffLimit: 1_000 },
        headers: {
          'user-agent': 'git/2 (drydock)',
          authorization: `Basic ${Buffer.from(`drydock:${token}`).toString('base64')}`,
        },
        ...(signal && { signal }),
      })
      .text();
    return answer.includes('service=git-upload-pack')
      ? { state: 'answered', project }
      : { state: 'failed', why: `${project} gives no branches` };
  } catch (error) {
    signal?.throwIfAborted();
    const status = error instanceof HTTPError ? error.response.status : undefined;
    if (status !== undefined && DENIED.includes(status)) {
      return { state: 'denied', why: `${project} answers ${status}` };
    }
    return { state: 'failed', why: error instanceof Error ? error.name : 'no answer' };
  }
};

const DENIED = [401, 403, 404];
