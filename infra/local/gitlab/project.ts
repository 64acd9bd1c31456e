import { createHash } from 'node:crypto';

/** What the stand-in knows of one project. */
export interface GitLabProject {
  readonly id: number;
  /** `platform/clusters`. */
  readonly path: string;
  readonly issues: GitLabIssue[];
  readonly mergeRequests: GitLabMergeRequest[];
  readonly branches: Map<string, Branch>;
  /** May its token make labels? Who may not gets an issue without them, and no word about it. */
  canMakeLabels: boolean;
}

export interface GitLabIssue {
  readonly iid: number;
  title: string;
  description: string;
  labels: string[];
  state: 'opened' | 'closed';
  readonly createdAt: Date;
  updatedAt: Date;
}

export interface GitLabMergeRequest {
  readonly iid: number;
  title: string;
  description: string;
  state: 'opened' | 'closed' | 'merged';
  readonly sourceBranch: string;
  readonly targetBranch: string;
}

/** The head of a branch: its commit, and its files with the commit that changed each last. */
export interface Branch {
  readonly commit: string;
  readonly files: ReadonlyMap<string, { readonly content: string; readonly commit: string }>;
}

/** A new project whose branch `main` has these files. */
export const createProject = (
  id: number,
  path: string,
  files: Readonly<Record<string, string>>,
): GitLabProject => {
  const commit = commitId(path, 'first');
  const main = new Map(Object.entries(files).map(([name, content]) => [name, { content, commit }]));
  return {
    id,
    path,
    issues: [],
    mergeRequests: [],
    branches: new Map([['main', { commit, files: main }]]),
    canMakeLabels: true,
  };
};

/** A commit that puts one file on top of a branch. */
export const commitFile = (branch: Branch, file: string, content: string): Branch => {
  const commit = commitId(branch.commit, file, content);
  return { commit, files: new Map([...branch.files, [file, { content, commit }]]) };
};

const commitId = (...parts: string[]): string => createHash('sha1').update(parts.join('\0')).digest('hex');
