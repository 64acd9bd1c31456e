import ky, { HTTPError } from 'ky';
import * as z from 'zod';

/** What a GitLab under load takes for one page. Milliseconds. */
const ATTEMPT_MS = 10_000;
const PAGE = 100;
/** Runners whose details are asked for; a GitLab with more is seen by these. */
const MAX_RUNNERS = PAGE;
/** Details that are asked for at once. */
const AT_ONCE = 5;

const Listed = z.array(z.object({ id: z.int() }));
const Runner = z.object({
  id: z.int(),
  description: z.string().nullish(),
  paused: z.boolean().catch(false),
  contacted_at: z.iso.datetime({ offset: true }).nullish(),
});

export interface SeenRunner {
  readonly id: number;
  readonly name: string;
  readonly isPaused: boolean;
  /** When it last asked GitLab for a job; undefined: never. */
  readonly contactedAt: string | undefined;
}

/** `denied`: this token may not see them. Texts are without their dot. */
export type RunnersAnswer =
  | { readonly state: 'listed'; readonly runners: readonly SeenRunner[]; readonly isAll: boolean }
  | { readonly state: 'denied'; readonly why: string }
  | { readonly state: 'failed'; readonly why: string };

/**
 * Lists the runners that a GitLab knows, with the time of their last contact. Only an administrator sees all of them.
 *
 * Source: GitLab documentation, "Runners API", `GET /runners/all`, `GET /runners/:id`.
 *
 * @param token with the scope read_api, of an administrator.
 * @returns why it failed; it does not throw, and no text holds the token.
 */
export const listRunners = async (
  url: string,
  token: string,
  signal?: AbortSignal,
): Promise<RunnersAnswer> => {
  const api = ky.extend({
    // A redirect would carry the token to wherever it leads.
    redirect: 'manual',
    timeout: ATTEMPT_MS,
    retry: { limit: 2, retryOnTimeout: true, backoffLimit: 1_000 },
    headers: { 'PRIVATE-TOKEN': token, 'user-agent': 'drydock' },
    ...(signal && { signal }),
  });
  const base = new URL('api/v4/', url.endsWith('/') ? url : `${url}/`);
  try {
    const ids = Listed.parse(await api.get(new URL(`runners/all?per_page=${PAGE}`, base)).json());
    const runners: SeenRunner[] = [];
    for (let at = 0; at < Math.min(ids.length, MAX_RUNNERS); at += AT_ONCE) {
      const some = ids.slice(at, Math.min(at + AT_ONCE, MAX_RUNNERS));
      const seen = some.map(async ({ id }) =>
        Runner.parse(await api.get(new URL(`runners/${id}`, base)).json()),
      );
      runners.push(...(await Promise.all(seen)).map(describe));
    }
    return { state: 'listed', runners, isAll: ids.length < PAGE };
  } catch (error) {
    signal?.throwIfAborted();
    return explain(error);
  }
};

const describe = ({ id, description, paused, contacted_at: at }: z.output<typeof Runner>): SeenRunner => ({
  id,
  name: description === undefined || description === null || description === '' ? `#${id}` : description,
  isPaused: paused,
  contactedAt: at === undefined || at === null ? undefined : new Date(at).toISOString(),
});

const explain = (error: unknown): RunnersAnswer => {
  if (!(error instanceof HTTPError)) {
    return { state: 'failed', why: error instanceof Error ? error.name : 'no answer' };
  }
  const { status } = error.response;
  const isDenied = status === 401 || status === 403;
  return { state: isDenied ? 'denied' : 'failed', why: `GitLab answers ${status}` };
};
