import { randomUUID } from 'node:crypto';
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
}

export const IMAGE_MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
export const LAYER = 'application/octet-stream';

export const openEventPost = ({ site, secrets, registry }: World): EventPost => ({
  post: async (...events) => {
    const response = await fetch(`${site.webhookUrl}/hooks/registry`, {
      method: 'POST',
      headers: {
        'content-type': 'application/vnd.docker.distribution.events.v1+json',
        authorization: `Bearer ${secrets.registryHook}`,
      },
      body: JSON.stringify({ events: events.map((event) => describe(event, registry.host)) }),
    });
    await response.arrayBuffer();
    if (!response.ok) throw new Error(`the door answered ${response.status}`);
  },
});

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
  source: { addr: `${host}`, instanceID: 'bench' },
});
