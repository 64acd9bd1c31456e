import { gzipSync } from 'node:zlib';
import { afterEach, expect, test } from 'vitest';
import type { KubernetesReader } from '../../functions/clients/kubernetes-reader.ts';
import { openKubernetesReader } from '../../functions/clients/kubernetes-reader-open.ts';
import { TransientError } from '../../functions/runtime/errors.ts';
import { startCannedApiServer } from '../support/canned-api-server.ts';
import type { CannedAnswer, CannedServer } from '../support/canned-server.ts';
import { createFixedClock } from '../support/fixed-clock.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** An API server that packs what it says when it is asked to, as the real one does with long answers. */
const open = async (
  { compress }: { readonly compress: boolean },
  pack: (body: Buffer) => Uint8Array = gzipSync,
): Promise<{ reader: KubernetesReader; server: CannedServer }> => {
  const answer = (body: string, accepted: unknown): CannedAnswer =>
    accepted === 'gzip'
      ? { headers: { 'content-encoding': 'gzip' }, body: pack(Buffer.from(body)) }
      : { body };
  const server = await startCannedApiServer(({ pathname }, headers) =>
    answer(pathname === '/metrics' ? METRICS : VERSION, headers['accept-encoding']),
  );
  closers.push(() => server.stop());
  const connection = compress ? { ...server.connection, compress } : server.connection;
  return { reader: openKubernetesReader(connection, createFixedClock()), server };
};

const VERSION = JSON.stringify({ gitVersion: 'v1.36.3-eks-1' });
const METRICS =
  'apiserver_requested_deprecated_apis{group="policy",removed_release="1.25",resource="a",subresource="",version="v1"} 1\nprocess_start_time_seconds 1\n';

test.each([
  { compress: false, title: 'in the same region asks for answers as they are', asked: undefined },
  { compress: true, title: 'from far away asks for packed answers and reads them', asked: 'gzip' },
])('a connection $title', async ({ compress, asked }) => {
  const { reader, server } = await open({ compress });
  expect(await reader.readVersion()).toBe('v1.36.3-eks-1');
  expect(await reader.readRequestedApis()).toMatchObject([{ group: 'policy', removedRelease: '1.25' }]);
  expect(new Set(server.requests.map(({ headers }) => headers['accept-encoding']))).toEqual(new Set([asked]));
});

test.each([
  { title: 'that was cut', pack: (body: Buffer) => gzipSync(body).subarray(0, -12) },
  { title: 'that is none', pack: (body: Buffer) => body },
])('a packed answer $title is no answer', async ({ pack }) => {
  const { reader } = await open({ compress: true }, pack);
  await expect(reader.readVersion()).rejects.toThrow(TransientError);
});
