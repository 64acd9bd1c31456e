import { expect, it } from 'vitest';
import { BackupPolicy } from '../../../functions/records/configuration/backup-policy.ts';
import { countJobLooks } from '../../support/job-looks.ts';
import { sumBill } from '../bill.ts';
import { billBackups, type CountedBackups, PLAN, perLook } from './month-bill.ts';

const NOTHING = { transitions: 0, calls: 0, gigabyteSeconds: 0, writes: 0, reads: 0 };
const COUNTED: CountedBackups = {
  backup: { transitions: 60, calls: 20, gigabyteSeconds: 10, writes: 50, reads: 100, looks: 5 },
  look: { transitions: 3, calls: 1, gigabyteSeconds: 0.1, writes: 2, reads: 3 },
  upkeep: { transitions: 9, calls: 3, gigabyteSeconds: 1, writes: 4, reads: 40 },
  freshness: { ...NOTHING, calls: 1, gigabyteSeconds: 0.05, reads: 6 },
  alarms: 20,
  reading: 0.002,
};
const amountOf = (what: string, looks = 105): number | undefined =>
  billBackups(COUNTED, looks).find((line) => line.what === what)?.amount;

it.each([
  ['Step Functions: backups', 10_950],
  ['Lambda: calls of backups', 3_650],
  ['S3: writes of backups', 7_604],
  ['Reading archives of 100 GB', 161],
  ['Lambda: calls of looks at freshness', 2_920],
  ['S3: reads of upkeep', 1_217],
  ['CloudWatch: alarms', 20],
  ['EventBridge Scheduler: starts', 2_981],
])('a month of a backup a day, with 105 looks at each Job, has %s: %d', (what, amount) => {
  expect(Math.round(amountOf(what) ?? 0)).toBe(amount);
});

it('costs 2.00 for alarms, 2.00 for keys, 0.60 for metrics, 0.33 for backups, 0.32 to read them, 0.05 for the rest', () => {
  expect(sumBill(billBackups(COUNTED, 105))).toBeCloseTo(5.3, 2);
});

it('takes what a look costs from two runs of which one was looked at more often', () => {
  const short = { ...COUNTED.backup };
  const long = { transitions: 90, calls: 30, gigabyteSeconds: 11, writes: 70, reads: 130, looks: 15 };
  expect(perLook(short, long)).toEqual(COUNTED.look);
  expect(() => perLook(short, { ...long, looks: 5 })).toThrow(/not looked at more often/);
});

it('is that of the default policy, whose Job is looked at 178 times in two hours', () => {
  const { retention } = BackupPolicy.parse({ schedule: 'cron(0 2 * * ? *)' });
  expect([retention.days, countJobLooks(PLAN.jobHours)]).toEqual([PLAN.keptDays, 178]);
});
