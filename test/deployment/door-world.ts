import type { EventQueue } from '../../functions/clients/event-queue.ts';
import { openWebhookSecrets } from '../../functions/clients/webhook-secrets.ts';
import { Input } from '../../functions/deployment/receive-webhook.contract.ts';
import { run } from '../../functions/deployment/receive-webhook.ts';
import { DoorConfiguration, listWebhookSources } from '../../functions/deployment/webhook-sources.ts';
import { DoorMessage } from '../../functions/records/door-message.ts';
import { createFixedClock } from '../support/fixed-clock.ts';

export const NOW = '2026-11-21T08:00:00.000Z';
export const SECRETS: Readonly<Record<string, string>> = {
  'drydock/registry-hook': 'canary-registry-secret-0123456789',
  'drydock/ci-hook': `whsec_${Buffer.from('canary-of-the-signing-key-32-byt').toString('base64')}`,
};

/** Two sources and one target, as `drydock.yaml` would name them. */
export const DOOR_CONFIGURATION: unknown = {
  registries: { main: { host: 'registry.example.com' } },
  sources: {
    registry: {
      kind: 'distribution',
      registry: 'main',
      auth: { type: 'bearer', secret: 'drydock/registry-hook' },
    },
    ci: { kind: 'native', auth: { type: 'hmac', secret: 'drydock/ci-hook' } },
  },
  deployment: { targets: { web: { image: 'registry.example.com/shop/web' } } },
};

interface LoggedLine {
  readonly level: string;
  readonly message: string;
  readonly fields: object | undefined;
}

/** A door with a queue and secrets in memory, and everything it sent, logged and answered. */
export const createDoorWorld = (configuration: unknown = DOOR_CONFIGURATION) => {
  const clock = createFixedClock(NOW);
  const secrets: Record<string, string> = { ...SECRETS };
  const messages: DoorMessage[] = [];
  const lines: LoggedLine[] = [];
  const faults: { queue?: Error; secrets?: Error } = {};
  const queue: EventQueue = {
    send: async (sent) => {
      if (faults.queue) throw faults.queue;
      // As over the wire, and as the reader of the queue will parse it.
      messages.push(...sent.map((message) => DoorMessage.parse(JSON.parse(JSON.stringify(message)))));
    },
  };
  const note = (level: string) => (message: string, fields?: object) =>
    void lines.push({ level, message, fields });
  const deps = {
    sources: listWebhookSources(DoorConfiguration.parse(configuration)),
    secrets: openWebhookSecrets(async ({ input }) => {
      if (faults.secrets) throw faults.secrets;
      return { SecretString: secrets[(input as { SecretId: string }).SecretId] };
    }, clock),
    queue,
    clock,
  };

  /** Posts a body as an HTTP API hands it on. */
  const post = async (source: string, body: Uint8Array | string, headers: Record<string, string>) => {
    const event = {
      version: '2.0',
      rawPath: `/hooks/${source}`,
      pathParameters: { source },
      headers,
      body: Buffer.from(body).toString('base64'),
      isBase64Encoded: true,
    };
    const log = { info: note('info'), warn: note('warn'), error: note('error') };
    const answer = await run(Input.parse(event), deps, { log, signal: new AbortController().signal });
    return { status: answer.statusCode, headers: answer.headers, body: JSON.parse(answer.body) as unknown };
  };

  return { post, messages, lines, faults, secrets, clock };
};

export const BEARER = { authorization: `Bearer ${SECRETS['drydock/registry-hook']}` };
