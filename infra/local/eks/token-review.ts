import { request } from 'node:http';

import * as z from 'zod';

import { type AccessEntry, findUser } from './access-entries.ts';
import { readEksToken } from './eks-token.ts';

/** What the API server posts: https://kubernetes.io/docs/reference/access-authn-authz/authentication/#webhook-token-authentication */
export const TokenReview = z.object({
  apiVersion: z.literal('authentication.k8s.io/v1'),
  kind: z.literal('TokenReview'),
  spec: z.object({ token: z.string() }),
});

export interface ReviewToken {
  readonly token: string;
  readonly cluster: string;
  readonly entries: Iterable<AccessEntry>;
  /** Base URL of the local STS, which verifies the signature. */
  readonly stsEndpoint: string;
  readonly now: Date;
}

/**
 * Reviews an EKS token as the authenticator on EKS does: its form, then STS, then the access entries.
 *
 * Left out: the authenticator's own cache and rate limit of STS calls, and access policies
 * (`AssociateAccessPolicy`), whose rights EKS grants outside RBAC.
 *
 * @returns the TokenReview to answer with; a refusal carries its reason, never the token.
 */
export const reviewToken = async (review: ReviewToken): Promise<unknown> => {
  const form = readEksToken(review.token, review.now);
  if (!form.ok) return refused(form.reason);
  const caller = await askSts(review, form.host, form.query).catch((error: unknown) => {
    const why = error instanceof Error ? error.message : 'unknown';
    return { ok: false as const, reason: `STS cannot be reached: ${why}` };
  });
  if (!caller.ok) return refused(caller.reason);
  const user = findUser(review.entries, caller.arn);
  if (!user) return refused(`no access entry of ${review.cluster} names ${caller.arn}`);
  return answer({
    authenticated: true,
    user: {
      username: user.username,
      uid: `aws-iam-authenticator:${caller.account}:${caller.userId}`,
      groups: user.groups,
      extra: { arn: [caller.arn] },
    },
  });
};

const refused = (error: string): unknown => answer({ authenticated: false, error });

const answer = (status: object): unknown => ({
  apiVersion: 'authentication.k8s.io/v1',
  kind: 'TokenReview',
  status,
});

type Caller =
  | { readonly ok: true; readonly arn: string; readonly account: string; readonly userId: string }
  | { readonly ok: false; readonly reason: string };

const STS_TIMEOUT_MS = 10_000;

/** With node:http, because `fetch` does not let the signed Host header be set. */
const askSts = async (review: ReviewToken, host: string, query: string): Promise<Caller> => {
  const { status, body } = await new Promise<{ status: number; body: string }>((resolve, reject) => {
    const headers = { host, 'x-k8s-aws-id': review.cluster };
    const call = request(new URL(`/?${query}`, review.stsEndpoint), { headers, timeout: STS_TIMEOUT_MS });
    call.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text }));
      response.on('error', reject);
    });
    call.on('timeout', () => call.destroy(new Error('no answer within 10 s')));
    call.on('error', reject);
    call.end();
  });
  const [arn, account, userId] = ['Arn', 'Account', 'UserId'].map((name) => readElement(body, name));
  if (status !== 200 || !arn)
    return { ok: false, reason: `STS says ${status} ${readElement(body, 'Code')}`.trim() };
  return { ok: true, arn, account: account ?? '', userId: userId ?? '' };
};

/** STS answers GetCallerIdentity with a flat XML document, whose values hold no markup. */
const readElement = (xml: string, name: string): string =>
  new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1] ?? '';
