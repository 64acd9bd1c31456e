import type { GitLabProject } from './project.ts';

export interface GitLabCall {
  readonly project: GitLabProject;
  /** The variable parts of the path behind the project's. */
  readonly path: readonly string[];
  readonly query: URLSearchParams;
  readonly body: unknown;
  /** Where the web pages are, for `web_url`. */
  readonly webUrl: string;
  readonly now: () => Date;
}

export interface GitLabAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One operation: `GET issues/{}` below `/api/v4/projects/{}/`. */
export interface GitLabOperation {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  answer(call: GitLabCall): GitLabAnswer;
}

export const ok = (body: unknown): GitLabAnswer => ({ status: 200, body });
export const created = (body: unknown): GitLabAnswer => ({ status: 201, body });
/** GitLab says why in `message`: a text, or lists by field. */
export const refuse = (status: number, message: unknown): GitLabAnswer => ({ status, body: { message } });

/** One page, 20 items unless asked: https://docs.gitlab.com/api/rest/#offset-based-pagination */
export const list = (items: readonly unknown[], query: URLSearchParams): GitLabAnswer => {
  const size = Math.min(Number(query.get('per_page') ?? 20), 100);
  const page = Number(query.get('page') ?? 1);
  const until = page * size;
  return {
    status: 200,
    body: items.slice(until - size, until),
    headers: {
      'x-total': String(items.length),
      'x-page': String(page),
      'x-next-page': until < items.length ? String(page + 1) : '',
    },
  };
};
