import * as z from 'zod';

/** Whom a token stands for. */
export interface Caller {
  readonly username: string;
  readonly groups: readonly string[];
}

const TokenReview = z.object({
  status: z.object({
    authenticated: z.boolean().default(false),
    user: z.object({ username: z.string(), groups: z.array(z.string()).default([]) }).optional(),
  }),
});

/**
 * Has a bearer token reviewed, as an API server does with `--authentication-token-webhook-config-file`.
 *
 * @returns undefined when the token is refused.
 * @throws Error when the webhook does not answer.
 */
export const askTokenWebhook = async (url: string, token: string): Promise<Caller | undefined> => {
  const review = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', spec: { token } };
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(review) });
  const { status } = TokenReview.parse(await response.json());
  return status.authenticated ? status.user : undefined;
};
