import { X509Certificate } from 'node:crypto';
import { createServer, get } from 'node:https';
import { describe, expect, it } from 'vitest';
import { makeSelfSignedCertificate } from '../../infra/local/cluster/self-signed-certificate.ts';
import { listenOnLoopback, stopListening } from '../../infra/local/loopback.ts';

describe('a certificate made here', () => {
  it('is its own issuer, signs itself, and is good for the loopback address from now on', () => {
    const now = new Date();
    const certificate = new X509Certificate(makeSelfSignedCertificate(now).certificate);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.checkIssued(certificate)).toBe(true);
    expect(certificate.ca).toBe(true);
    expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1');
    expect(certificate.checkIP('127.0.0.2')).toBeUndefined();
    expect(certificate.validFromDate.getTime()).toBeLessThan(now.getTime());
    expect(certificate.validToDate.getTime()).toBeGreaterThan(now.getTime());
  });

  it('is trusted by who was given it, and by nobody else', async ({ onTestFinished }) => {
    const { certificate, key } = makeSelfSignedCertificate(new Date());
    const server = createServer({ cert: certificate, key }, (_, response) => response.end('served'));
    const url = `https://127.0.0.1:${await listenOnLoopback(server)}`;
    onTestFinished(() => stopListening(server));
    const ask = (ca: string) =>
      new Promise<number | undefined>((resolve, reject) => {
        get(url, { ca, agent: false }, (response) => resolve(response.resume().statusCode)).on(
          'error',
          reject,
        );
      });
    expect(await ask(certificate)).toBe(200);
    await expect(ask(makeSelfSignedCertificate(new Date()).certificate)).rejects.toThrow(
      /self-signed|signature/,
    );
  });
});
