import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { listenOnLoopback, stopServing } from '../loopback.ts';
import type { Report } from '../report.ts';
import { readJson } from '../request-body.ts';
import type { GitLabAnswer, GitLabOperation } from './answer.ts';
import { refuse } from './answer.ts';
import { FILE_OPERATIONS } from './files.ts';
import { ISSUE_OPERATIONS } from './issues.ts';
import { MERGE_REQUEST_OPERATIONS } from './merge-requests.ts';
import { createProject, type GitLabProject } from './project.ts';
import { answerStranger } from './public-pages.ts';
import { answerRunners, type LocalRunner } from './runners.ts';

export interface StartGitLab {
  /** The access token that is let in. */
  readonly token: string;
  readonly report: Report;
  readonly port?: number;
  readonly now?: () => Date;
}

/** What goes wrong with the next calls of the API. */
export interface GitLabFault {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** 1 unless said otherwise. */
  readonly times?: number;
}

export interface LocalGitLab {
  readonly url: string;
  /** Makes a project whose branch `main` has these files. */
  addProject(path: string, files?: Readonly<Record<string, string>>): GitLabProject;
  project(path: string): GitLabProject;
  /** Merges an open merge request into its target. */
  merge(path: string, iid: number): void;
  fault(fault: GitLabFault): void;
  /** What the sign-in page answers: 200, or 502 as a load balancer does before a GitLab that is down. */
  setSignIn(status: number): void;
  /** Puts its projects behind the login: strangers see none, and Git asks for a token. */
  hideProjects(): void;
  /** What it knows of runners; the access token is that of an administrator. */
  setRunners(runners: readonly LocalRunner[]): void;
  /** Calls of the API so far: `POST /api/v4/projects/a%2Fb/issues`. */
  readonly calls: readonly string[];
  stop(): Promise<void>;
}

const OPERATIONS: readonly GitLabOperation[] = [
  ...ISSUE_OPERATIONS,
  ...FILE_OPERATIONS,
  ...MERGE_REQUEST_OPERATIONS,
];

/**
 * Starts the stand-in for a GitLab on a free loopback port: the calls of the REST API that Drydock makes, below
 * https://docs.gitlab.com/api/rest/, the sign-in page and what a clone asks for. What each leaves out is said in its
 * file. Left out besides: users, groups, roles and scopes (one token may everything), webhooks, rate limits (a fault plays them).
 */
export const startGitLab = async (options: StartGitLab): Promise<LocalGitLab> => {
  const projects = new Map<string, GitLabProject>();
  const faults: GitLabFault[] = [];
  const calls: string[] = [];
  let signIn = 200;
  let isHidden = false;
  let runners: readonly LocalRunner[] = [];
  let url = '';

  const answer = (request: IncomingMessage, address: URL, body: unknown): GitLabAnswer => {
    const { method = 'GET' } = request;
    calls.push(`${method} ${address.pathname}`);
    const fault = faults.shift();
    if (fault)
      return { ...refuse(fault.status, `${fault.status}`), ...(fault.headers && { headers: fault.headers }) };
    if (request.headers['private-token'] !== options.token) return refuse(401, '401 Unauthorized');
    const [name = '', ...rest] = address.pathname.split('/').slice(4).map(decodeURIComponent);
    const project = projects.get(name);
    if (!project) return refuse(404, '404 Project Not Found');
    for (const operation of OPERATIONS) {
      const path = operation.method === method ? matchPath(operation.path, rest) : undefined;
      if (!path) continue;
      const now = options.now ?? (() => new Date());
      return operation.answer({ project, path, query: address.searchParams, body, webUrl: url, now });
    }
    return { status: 404, body: { error: '404 Not Found' } };
  };

  const server = createServer((request, response) => {
    void serve(request, response);
  });
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const address = new URL(request.url ?? '/', 'http://127.0.0.1');
    const isLoggedIn = readPassword(request) === options.token;
    const sight = { url, signIn, isHidden, isLoggedIn, projects: [...projects.keys()] };
    const page = answerStranger(address, sight);
    if (page && request.headers['private-token'] === undefined) {
      response.writeHead(page.status, { 'content-type': page.type }).end(page.body);
      return;
    }
    const known = answerRunners(address, request.headers['private-token'] === options.token, runners);
    if (known) {
      response
        .writeHead(known.status, { 'content-type': 'application/json' })
        .end(JSON.stringify(known.body));
      return;
    }
    if (!address.pathname.startsWith('/api/v4/projects/')) {
      response.writeHead(404, { 'content-type': 'text/html' }).end('<title>404</title>');
      return;
    }
    const { status, body, headers = {} } = answer(request, address, await readJson(request));
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  };

  url = `http://127.0.0.1:${await listenOnLoopback(server, options.port)}`;
  options.report(`GitLab: ready on ${url}`);
  const find = (path: string): GitLabProject => {
    const project = projects.get(path);
    if (!project) throw new Error(`The local GitLab has no project ${path}; add it with addProject.`);
    return project;
  };
  return {
    url,
    addProject: (path, files = {}) => {
      const project = createProject(projects.size + 1, path, files);
      projects.set(path, project);
      return project;
    },
    project: find,
    merge: (path, iid) => merge(find(path), iid),
    fault: (fault) => {
      for (let time = 0; time < (fault.times ?? 1); time += 1) faults.push(fault);
    },
    hideProjects: () => {
      isHidden = true;
    },
    setRunners: (known) => {
      runners = known;
    },
    setSignIn: (status) => {
      signIn = status;
    },
    calls,
    stop: () => stopServing(server),
  };
};

/** Git sends a token as the password of any user. */
const readPassword = ({ headers }: IncomingMessage): string | undefined => {
  const [, encoded] = /^Basic (.+)$/.exec(headers.authorization ?? '') ?? [];
  return encoded === undefined
    ? undefined
    : Buffer.from(encoded, 'base64').toString().split(':').slice(1).join(':');
};

const merge = ({ mergeRequests, branches }: GitLabProject, iid: number): void => {
  const request = mergeRequests.find((each) => each.iid === iid && each.state === 'opened');
  const source = branches.get(request?.sourceBranch ?? '');
  if (!request || !source) throw new Error(`There is no open merge request !${iid}.`);
  request.state = 'merged';
  branches.set(request.targetBranch, source);
  branches.delete(request.sourceBranch);
};

/** The variable parts of a path that fits; undefined when it does not. */
const matchPath = (pattern: string, path: readonly string[]): string[] | undefined => {
  const parts = pattern.split('/');
  if (parts.length !== path.length) return undefined;
  if (parts.some((part, index) => part !== '{}' && part !== path[index])) return undefined;
  return path.filter((_, index) => parts[index] === '{}');
};
