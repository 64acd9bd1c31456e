import { expect, it } from 'vitest';
import { sumBill } from '../bill.ts';
import { billNight } from './night-bill.ts';

const ONE = { seconds: 30, requests: 2_000, secondsOfDump: 25, requestsOfDump: 240 };
const amountOf = (what: string): number | undefined =>
  billNight(ONE).find((line) => line.what === what)?.amount;

it.each([
  ['S3: reads of headers', 2_000_000],
  ['Lambda: GB-seconds of headers', 15_000],
  ['S3: reads of dumps', 240_000],
  ['Lambda: GB-seconds of dumps', 43_188],
  ['Lambda: calls', 2_000],
])('a night of a thousand archives has %s: %d', (what, amount) => {
  expect(amountOf(what)).toBeCloseTo(amount, -1);
});

it('costs as much as its parts: 0.86 and 0.20 for headers, 0.10 and 0.58 for dumps', () => {
  expect(sumBill(billNight(ONE))).toBeCloseTo(1.739, 2);
});
