import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { readDistributionEvents } from '../../../functions/deployment/sources/distribution.ts';
import { authenticateWebhook, signWebhook } from '../../../functions/rules/webhook-authentication.ts';
import { conformanceFolder, readRows } from '../../support/conformance.ts';
import { BEARER, createDoorWorld } from '../door-world.ts';

const Row = z.object({
  id: z.string(),
  kind: z.string(),
  sender: z.string(),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.string().default(''),
  secret: z.string().default(''),
  /** Unix seconds. */
  now: z.number().default(0),
  toleranceSeconds: z.number().default(300),
  ignoreTimestamp: z.boolean().default(false),
  expected: z.looseObject({}),
});
type Row = z.output<typeof Row>;

/** Senders of which we have no kind of source yet, and how many rows wait for it. */
const NOT_BUILT: Readonly<Record<string, number>> = {
  acr: 5,
  'aliyun-acr': 5,
  any: 4,
  artifactory: 8,
  azure: 8,
  bitbucket: 8,
  cdevents: 2,
  cloudevents: 11,
  docker: 4,
  dockerhub: 1,
  generic: 5,
  ghcr: 10,
  gitea: 8,
  github: 5,
  gitlab: 17,
  harbor: 16,
  jfrog: 1,
  quay: 13,
};

/** Rows on which we differ on purpose: our answer, and why. */
const DIFFERENT: ReadonlyMap<string, { readonly ours: object; readonly why: string }> = new Map([
  [
    'keel-native-002',
    {
      ours: { status: 202, count: 0 },
      why: 'senders drop or switch off hooks that answer 4xx; the body is kept for a person instead',
    },
  ],
]);

const rows = readRows('registry_webhooks.json', Row);
const rowsOf = (sender: string): Row[] => rows.filter((row) => row.sender === sender);

describe.skipIf(conformanceFolder === undefined)('webhooks as others read them', () => {
  it('are all of a sender that is built, or listed as not built', () => {
    const counts = new Map(
      [...Map.groupBy(rows, ({ sender }) => sender)].map(([sender, { length }]) => [sender, length]),
    );
    const built = { distribution: 1, native: 1, 'standard-webhooks': 10 };
    expect(Object.fromEntries(counts)).toEqual({ ...NOT_BUILT, ...built });
  });

  it.each(rowsOf('standard-webhooks').filter(({ kind }) => kind === 'validate'))('$id', (row) => {
    const headers = new Map(Object.entries(row.headers));
    const tolerance = row.ignoreTimestamp ? Number.POSITIVE_INFINITY : row.toleranceSeconds;
    const request = { headers, body: Buffer.from(row.body) };
    const verdict = authenticateWebhook(
      { type: 'hmac' },
      request,
      [row.secret],
      new Date(row.now * 1000),
      tolerance,
    );
    expect({ ok: verdict.ok }).toEqual(row.expected);
  });

  it.each(rowsOf('standard-webhooks').filter(({ kind }) => kind === 'sign'))('$id', (row) => {
    const id = row.headers['webhook-id'] ?? '';
    const timestamp = row.headers['webhook-timestamp'] ?? '';
    expect({ signature: signWebhook(row.secret, id, timestamp, Buffer.from(row.body)) }).toEqual(
      row.expected,
    );
  });

  const Expected = z.object({ events: z.array(z.object({ id: z.string(), manifest: z.boolean() })) });

  it.each(rowsOf('distribution'))('$id', (row) => {
    const readings = readDistributionEvents({
      source: 'registry',
      registryHosts: ['registry.example.com'],
      headers: new Map(Object.entries(row.headers)),
      body: JSON.parse(row.body),
      receivedAt: new Date(),
    });
    // None has a tag, so that none is an image for us; the reason tells the manifest from the blobs.
    const read = readings.map((reading) => ({
      id: reading.id,
      manifest: reading.state === 'ignored' && reading.reason.startsWith('pushed by digest'),
    }));
    expect(read).toEqual(Expected.parse(row.expected).events.map(({ id, manifest }) => ({ id, manifest })));
  });

  it.each(rowsOf('native'))('$id', async (row) => {
    const { post, messages } = createDoorWorld({
      registries: { main: { host: 'registry.example.com' } },
      sources: { ci: { kind: 'native', auth: { type: 'bearer', secret: 'drydock/registry-hook' } } },
      deployment: { targets: {} },
    });
    const { status } = await post('ci', row.body, { ...row.headers, ...BEARER });
    const accepted = messages.filter(({ kind }) => kind !== 'unreadable').length;
    expect({ status, count: accepted }).toEqual(DIFFERENT.get(row.id)?.ours ?? row.expected);
  });
});
