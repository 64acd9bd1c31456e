import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { ensureDebianPackages } from '../../infra/local/debian-packages.ts';

export interface Certificate {
  /** PEM. */
  readonly key: string;
  readonly certificate: string;
  readonly certificateFile: string;
}

/** Makes a key and a certificate for 127.0.0.1, signed by itself, in `folder`. Node can read such files, not make them. */
export const makeCertificate = async (folder: string): Promise<Certificate> => {
  await ensureDebianPackages(['openssl'], () => {});
  const keyFile = join(folder, 'test.key');
  const certificateFile = join(folder, 'test.crt');
  const request =
    'req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1';
  await execa('openssl', [...request.split(' '), '-keyout', keyFile, '-out', certificateFile]);
  const [key, certificate] = await Promise.all([
    readFile(keyFile, 'utf8'),
    readFile(certificateFile, 'utf8'),
  ]);
  return { key, certificate, certificateFile };
};
