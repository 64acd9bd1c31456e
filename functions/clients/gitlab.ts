import { openChanges } from './gitlab/changes.ts';
import { openIssues } from './gitlab/issues.ts';
import { openSession } from './gitlab/session.ts';
import type { Patience } from './patient-http.ts';

export type { Proposal, ProposalOutcome, RepositoryFile } from './gitlab/changes.ts';
export type { Issue, IssueText, KeptIssue } from './gitlab/issues.ts';
export { probeSignIn } from './gitlab/sign-in.ts';

export interface OpenGitLab {
  /** `https://gitlab.example.com`, with the path that it lies under, if any. */
  readonly url: string;
  /** A project access token with the scope api. */
  readonly token: string;
  readonly patience?: Patience;
}

/**
 * A GitLab in which issues and merge requests are kept; projects go by their path. Each method throws RefusedError
 * `gitlab.forbidden`, `gitlab.missing`, `gitlab.refused`, `gitlab.moved`, `gitlab.no-api` and TransientError
 * `gitlab.unavailable`; no error holds the token.
 */
export type GitLab = ReturnType<typeof openIssues> & ReturnType<typeof openChanges>;

export const openGitLab = ({ url, token, patience }: OpenGitLab): GitLab => {
  const session = openSession(url, token, patience);
  return { ...openIssues(session), ...openChanges(session) };
};
