import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { endpointOf, probeEndpoint } from '../../functions/clients/endpoint-probe.ts';
import { type CannedServer, startCannedServer } from '../support/canned-server.ts';
import { type Certificate, makeCertificate } from '../support/certificate.ts';

let folder: string;
let certificate: Certificate;
let server: CannedServer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drydock-probe-'));
  certificate = await makeCertificate(folder);
  server = await startCannedServer(() => ({}), certificate);
});
afterAll(async () => {
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

test('a certificate of the authority that was named is trusted, as that of an EKS cluster is', async () => {
  expect(await probeEndpoint(endpointOf(server.url, certificate.certificate))).toBe('127.0.0.1');
});

test('a certificate of an authority that Node does not know is not', async () => {
  await expect(probeEndpoint(endpointOf(server.url))).rejects.toMatchObject({ code: 'endpoint.certificate' });
});

test('a certificate for another name is not', async () => {
  const url = server.url.replace('127.0.0.1', 'localhost');
  await expect(probeEndpoint(endpointOf(url, certificate.certificate))).rejects.toMatchObject({
    code: 'endpoint.certificate',
    message: expect.stringContaining('ERR_TLS_CERT_ALTNAME_INVALID'),
  });
});
