import { afterEach, describe, expect, it } from 'vitest';
import { openTextReader } from '../../functions/clients/text-reader.ts';
import { type CannedAnswer, type CannedServer, startCannedServer } from '../support/canned-server.ts';
import { connectS3 } from '../support/connect-s3.ts';

/** Texts of the ledger bucket; answers as S3 writes them. */

let server: CannedServer | undefined;
afterEach(async () => server?.stop());

const read = async (answer: CannedAnswer) => {
  server = await startCannedServer(() => answer);
  return openTextReader('ledger', connectS3(server.url)).read('backup/logs/x/00001.log');
};
const refusal = (status: number, code: string): CannedAnswer => ({
  status,
  headers: { 'content-type': 'application/xml' },
  body: `<?xml version="1.0"?><Error><Code>${code}</Code><Message>no</Message></Error>`,
});

describe('a text', () => {
  it('is read as it was written', async () => {
    expect(await read({ body: 'Restoring database ... [DONE]\nümlaut\n' })).toBe(
      'Restoring database ... [DONE]\nümlaut\n',
    );
  });

  it('is undefined when there is none', async () => {
    expect(await read(refusal(404, 'NoSuchKey'))).toBeUndefined();
  });

  it.each([
    [403, 'AccessDenied', 'ledger.forbidden'],
    [404, 'NoSuchBucket', 'ledger.missing'],
    [503, 'SlowDown', 'ledger.unavailable'],
  ])('that S3 answers with %i %s throws as the ledger does', async (status, code, ours) => {
    await expect(read(refusal(status, code))).rejects.toMatchObject({ code: ours });
  });
});
