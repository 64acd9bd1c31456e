import { describe, expect, it } from 'vitest';
import { openNames } from '../../functions/clients/dns.ts';

const answering = (...addresses: string[]) =>
  openNames(async () => addresses.map((address) => ({ address })));
const failing = (code: string) =>
  openNames(async () => {
    throw Object.assign(new Error(code), { code });
  });

describe('what names stand for', () => {
  it('is every address, in order and once', async () => {
    const names = answering('10.0.0.7', '2001:db8::1', '10.0.0.5', '10.0.0.7');
    expect(await names.resolve('db.example.com')).toEqual(['10.0.0.5', '10.0.0.7', '2001:db8::1']);
  });

  it.each(['10.0.4.7', '2001:db8::1'])('is %s for itself, without a question', async (address) => {
    expect(await failing('EAI_AGAIN').resolve(address)).toEqual([address]);
  });

  it.each(['ENOTFOUND', 'ENODATA', 'EAI_NONAME'])(
    'is nothing for a name that nobody knows: %s',
    async (code) => {
      expect(await failing(code).resolve('db.example.com')).toEqual([]);
    },
  );

  it.each(['EAI_AGAIN', 'ESERVFAIL', 'ETIMEOUT'])(
    'is not known while DNS does not answer: %s',
    async (code) => {
      await expect(failing(code).resolve('db.example.com')).rejects.toMatchObject({
        name: 'TransientError',
        code: 'dns.unavailable',
        message: expect.stringContaining('db.example.com'),
      });
    },
  );

  it('is asked of the resolver of this process', async () => {
    expect(await openNames().resolve('localhost')).toContain('127.0.0.1');
  });
});
