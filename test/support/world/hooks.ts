import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { signWebhook } from '../../../functions/rules/webhook-authentication.ts';
import type { World } from '../../../infra/local/world/start-world.ts';

/** What the door answered. */
export interface HookAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly outcomes: readonly { readonly outcome: string; readonly reason?: string | undefined }[];
  readonly text: string;
}

const Outcomes = z.object({
  outcomes: z.array(z.object({ outcome: z.string(), reason: z.string().optional() })),
});

/** Posts a body at the webhook of a source, through the HTTP API, as any sender does. */
export const postHook = async (
  world: World,
  source: string,
  body: string | Buffer<ArrayBuffer>,
  headers: Record<string, string>,
): Promise<HookAnswer> => {
  const url = `${world.site.webhookUrl}/hooks/${source}`;
  const response = await fetch(url, { method: 'POST', body, headers });
  const text = await response.text();
  const listed = Outcomes.safeParse(JSON.parse(text));
  return { status: response.status, headers: response.headers, outcomes: listed.data?.outcomes ?? [], text };
};

/** The headers by which the registry proves itself. */
export const registryHeaders = ({ secrets }: World): Record<string, string> => ({
  authorization: `Bearer ${secrets.registryHook}`,
  'content-type': 'application/vnd.docker.distribution.events.v2+json',
});

/** The headers by which a CI job proves itself (Standard Webhooks), signed at a time of the test's choice. */
export const pipelineHeaders = (
  { secrets }: World,
  body: string | Buffer,
  { at = new Date(), id = randomUUID() }: { readonly at?: Date; readonly id?: string } = {},
): Record<string, string> => {
  const timestamp = String(Math.floor(at.getTime() / 1_000));
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signWebhook(secrets.pipelines, id, timestamp, Buffer.from(body)) ?? '',
    'content-type': 'application/json',
  };
};

/** What GitLab's registry writes into `actor.user`: the token of the person who pushed. */
export const ACTOR_TOKEN = `eyJhbGciOiJSUzI1NiJ9.${Buffer.from('{"sub":"canary"}').toString('base64url')}.c2lnbmVkLWJ5LW5vYm9keQ`;

/** A push as Docker Distribution tells it. */
export const pushEvent = (repository: string, tag: string, digest: string, id: string = randomUUID()) => ({
  id,
  timestamp: new Date().toISOString(),
  action: 'push',
  target: {
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    size: 500,
    digest,
    length: 500,
    repository,
    tag,
  },
  request: { id: randomUUID(), addr: '127.0.0.1', host: 'registry', method: 'PUT', useragent: 'test' },
  actor: { name: 'ci', user: ACTOR_TOKEN },
  source: { addr: 'registry:5000', instanceID: 'test' },
});

/** Tells the door of pushes, in one request, as the registry. */
export const tellPushes = (
  world: World,
  events: readonly ReturnType<typeof pushEvent>[],
): Promise<HookAnswer> => postHook(world, 'registry', JSON.stringify({ events }), registryHeaders(world));
