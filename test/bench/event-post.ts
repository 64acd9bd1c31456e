import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { World } from '../../infra/local/world/start-world.ts';

/** A notification as Docker Distribution words it; `id` is new unless given. */
export interface EventWords {
  readonly action: 'push' | 'pull';
  readonly repository: string;
  readonly tag?: string;
  readonly digest: string;
  readonly mediaType?: string;
  readonly id?: string;
}

/** Posts to the webhook what a registry would, without a push behind it. */
export interface EventPost {
  /** @throws Error when the door answers other than 2xx. */
  post(...events: readonly EventWords[]): Promise<void>;
  /** Posts again while the door cannot store (503) or is busy (429), as a registry does. */
  insist(...events: readonly EventWords[]): Promise<void>;
}

const ATTEMPTS = 20;
const PAUSE_MS = 500;

export const IMAGE_MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
export const LAYER = 'application/octet-stream';

export const openEventPost = ({ site, secrets, registry }: World): EventPost => {
  const send = async (events: readonly EventWords[]): Promise<number> => {
    const response = await fetch(`${site.webhookUrl}/hooks/registry`, {
      method: 'POST',
      headers: {
        'content-type': 'application/vnd.docker.distribution.events.v1+json',
        authorization: `Bearer ${secrets.registryHook}`,
      },
      body: JSON.stringify({ events: events.map((event) => describe(event, registry.host)) }),
    });
    await response.arrayBuffer();
    return response.status;
  };
  return {
    post: async (...events) => refuseFailure(await send(events)),
    insist: async (...events) => {
      const named = events.map((event) => ({ ...event, id: event.id ?? randomUUID() }));
      let status = await send(named);
      for (let attempt = 1; (status === 503 || status === 429) && attempt < ATTEMPTS; attempt++) {
        await delay(PAUSE_MS);
        status = await send(named);
      }
      refuseFailure(status);
    },
  };
};

const refuseFailure = (status: number): void => {
  if (status < 200 || status > 299) throw new Error(`the door answered ${status}`);
};

const describe = ({ action, repository, tag, digest, mediaType, id }: EventWords, host: string) => ({
  id: id ?? randomUUID(),
  timestamp: new Date().toISOString(),
  action,
  target: {
    mediaType: mediaType ?? IMAGE_MANIFEST,
    size: 529,
    length: 529,
    digest,
    repository,
    url: `http://${host}/v2/${repository}/manifests/${digest}`,
    ...(tag === undefined ? {} : { tag }),
  },
  request: { id: randomUUID(), addr: '127.0.0.1:50000', host, method: 'PUT', useragent: 'bench' },
  actor: { name: 'bench' },
  source: { addr: host, instanceID: 'bench' },
});
