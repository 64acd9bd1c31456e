import { describe, expect, it } from 'vitest';
import { formatUsd, renderBill, sumBill } from './bill.ts';
import { billDeployment, billMonth } from './cost-bills.ts';

const parts = { count: () => 10, alarmMetrics: () => 10, memoryOf: () => 1 };
const requests = new Map([
  ['S3 GET', 100],
  ['S3 PUT', 10],
  ['S3 LIST', 1],
  ['S3 DELETE', 7],
  ['SQS SendMessageBatch', 1],
  ['SNS POST', 2],
]);

describe('a bill', () => {
  it.each([
    [0, '0.00'],
    [8.756, '8.76'],
    [0.000025, '0.000025'],
    [0.1, '0.1'],
    [0.00000043, '0.00000043'],
    [0.123456, '0.123'],
  ])('writes %s USD as %s', (usd, text) => expect(formatUsd(usd)).toBe(text));

  it('adds its lines up, and multiplies the sum', () => {
    const lines = [
      { what: 'a', amount: 4, price: 0.5 },
      { what: 'b', amount: 1, price: 1 },
    ];
    expect(sumBill(lines)).toBe(3);
    expect(renderBill('x', lines, [], [1_000]).rows.at(-1)).toEqual(['Sum', '', '', '3.00', '3000.00']);
  });
});

describe('the bill of a deployment', () => {
  const bill = billDeployment(
    {
      transitions: 10,
      lambdas: [
        { entry: 'deployment/apply-image', calls: 1, ms: 500, gigabytes: 1 },
        { entry: 'deployment/watch-rollout', calls: 1, ms: 3_000, gigabytes: 1 },
      ],
      requests,
      logBytes: 2_000,
    },
    parts,
  );
  const amount = (beginning: string) => bill.find(({ what }) => what.startsWith(beginning))?.amount;

  it.each([
    ['Step Functions', 12, 'with a second poll: the watch and its question'],
    ['Lambda: calls', 3, 'one and two polls'],
    ['Lambda: GB-seconds of work', 0.5, 'half a second of 1 GB'],
    ['Lambda: GB-seconds of watching', 60, 'a minute of 1 GB'],
    ['S3: writes', 11, 'puts and lists, and no deletes'],
    ['S3: reads', 157, 'those seen and one for each second that it was watched less'],
    ['SNS', 2, 'as counted'],
  ])('%s: %s, %s', (what, expected) => expect(amount(what)).toBe(expected));
});

it('a month counts each repository at each sweep', () => {
  const month = billMonth({ transitions: 4, requestsEach: requests, msEach: 100 }, parts);
  const sweeps = month.find(({ what }) => what === 'Step Functions: sweeps');
  expect(sweeps?.amount).toBe(2_920 * 54);
});
