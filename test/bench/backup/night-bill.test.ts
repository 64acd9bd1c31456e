import { expect, it } from 'vitest';
import { VERIFYING_MEMORY_MB } from '../../../infra/backup-functions.ts';
import { answerAsService, openWalks } from '../../support/scripted-walk.ts';
import { readMachine } from '../../support/walk-machine.ts';
import { sumBill } from '../bill.ts';
import { AT_ONCE, billNight, CALLS, MEMORY_MB, TRANSITIONS } from './night-bill.ts';

const ONE = { seconds: 30, requests: 2_000, secondsOfDump: 25, requestsOfDump: 240 };
const amountOf = (what: string): number | undefined =>
  billNight(ONE).find((line) => line.what === what)?.amount;

it.each([
  ['S3: reads of headers', 2_000_000],
  ['Lambda: GB-seconds of headers', 51_826],
  ['S3: reads of dumps', 240_000],
  ['Lambda: GB-seconds of dumps', 43_188],
  ['Lambda: calls', 3_000],
  ['Step Functions: state transitions', 11_000],
])('a night of a thousand archives has %s: %d', (what, amount) => {
  expect(amountOf(what)).toBeCloseTo(amount, -1);
});

it('costs as much as its parts: 0.86 and 0.69 for headers, 0.10 and 0.58 for dumps, 0.28 for steps', () => {
  expect(sumBill(billNight(ONE))).toBeCloseTo(2.506, 2);
});

it('reckons with the Lambda that is deployed, and with as many at once as upkeep has', () => {
  expect(MEMORY_MB).toBe(VERIFYING_MEMORY_MB);
  expect(readMachine('backup-upkeep').States['VerifySets']).toMatchObject({ MaxConcurrency: AT_ONCE });
});

it('reckons with the states and calls of a set that is read again', async () => {
  const walks = await openWalks('backup', ({ called, scripted }) =>
    called.startsWith('arn:') ? answerAsService(scripted) : undefined,
  );
  const set = { environment: 'production', policy: 'daily', id: '1795230005_2026_11_21_18.10.0-ee' };
  const read = { set, slices: 1, message: '', found: 0 };
  const { states } = await walks.walk('backup-verification', set, {
    VerifySet: [
      { ...read, outcome: 'look-first' },
      { ...read, outcome: 'verified', record: 'a' },
    ],
    LookAtParts: { outcome: 'done', waitSeconds: 0, message: '' },
  });
  const tasks = states.filter((name) => name === 'VerifySet' || name === 'LookAtParts');
  expect([1 + states.length, tasks.length]).toEqual([TRANSITIONS, CALLS]);
});
