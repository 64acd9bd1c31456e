import { afterEach, describe, expect, it } from 'vitest';
import { openTexts } from '../../functions/clients/text-store.ts';
import { RefusedError, TransientError } from '../../functions/runtime/errors.ts';
import { type CannedAnswer, type CannedServer, startCannedServer } from '../support/canned-server.ts';
import { connectS3 } from '../support/connect-s3.ts';

/** Texts in the ledger bucket; answers as S3 writes them. That they arrive whole, the world tests of backups show. */

let server: CannedServer | undefined;
afterEach(async () => server?.stop());

const write = async (answer: CannedAnswer): Promise<void> => {
  server = await startCannedServer(() => answer);
  return openTexts('ledger', connectS3(server.url)).write('backup/logs/x/00001.log', 'Dumping uploads ...\n');
};
const refusal = (status: number, code: string): CannedAnswer => ({
  status,
  headers: { 'content-type': 'application/xml' },
  body: `<?xml version="1.0"?><Error><Code>${code}</Code><Message>no</Message></Error>`,
});

describe('a text', () => {
  it('is put under its key, over one that lies there', async () => {
    await write({ status: 200, body: '' });
    const [request] = server?.requests ?? [];
    expect(request?.path).toMatch(/^\/ledger\/backup\/logs\/x\/00001\.log/);
    expect(request?.headers['content-type']).toBe('text/plain; charset=utf-8');
    expect(request?.headers['if-none-match']).toBeUndefined();
  });

  it.each([
    [403, 'AccessDenied', RefusedError, 'ledger.forbidden'],
    [404, 'NoSuchBucket', RefusedError, 'ledger.missing'],
    [503, 'SlowDown', TransientError, 'ledger.unavailable'],
  ])('that S3 answers with %i %s throws as the ledger does', async (status, code, error, ours) => {
    const writing = write(refusal(status, code));
    await expect(writing).rejects.toBeInstanceOf(error);
    await expect(writing).rejects.toMatchObject({ code: ours });
  });
});
