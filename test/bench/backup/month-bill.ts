import type { BillLine } from '../bill.ts';
import { HOURS_A_MONTH, PRICES } from '../prices.ts';

/** What AWS charges for work, counted. */
export interface Usage {
  readonly transitions: number;
  readonly calls: number;
  readonly gigabyteSeconds: number;
  /** Of S3; its lists are among them, at the same price. */
  readonly writes: number;
  readonly reads: number;
}

/** What was counted on the local world. */
export interface CountedBackups {
  /** One backup, looks at its Job included. */
  readonly backup: Usage & { readonly looks: number };
  /** One more look at a Job. */
  readonly look: Usage;
  /** A night of upkeep in which nothing is due. */
  readonly upkeep: Usage;
  /** One look at freshness. */
  readonly freshness: Usage;
  /** Alarms of the capability. */
  readonly alarms: number;
  /** USD for the reading of one archive. */
  readonly reading: number;
}

const DAYS = HOURS_A_MONTH / 24;
const FRESHNESS_LOOKS = HOURS_A_MONTH * 4;

/** The example: one GitLab, one policy, a Job of so many hours each day; sets stay for days, and are read again. */
export const PLAN = { jobHours: 2, keptDays: 30, verifyEveryDays: 7 } as const;

/** One metric a policy, and one for the environment as a whole. */
const METRICS = 2;
/** Of the vault: that of the archives, and that of the secrets. */
const KEYS = 2;

/** Sets that are kept, each read when it was made and again after as many days as the plan has. */
const READINGS = DAYS + (PLAN.keptDays * DAYS) / PLAN.verifyEveryDays;

/**
 * What a month of backups costs beside what they take up.
 *
 * @param jobLooks looks at the Job of the example.
 */
export const billBackups = (counted: CountedBackups, jobLooks: number): BillLine[] => {
  const { backup, look, upkeep, freshness, alarms, reading } = counted;
  const made = addLooks(backup, look, jobLooks - backup.looks);
  const work = (what: string, times: number, usage: Usage): BillLine[] => [
    line(`Step Functions: ${what}`, times, usage.transitions, PRICES.stateTransition),
    line(`Lambda: calls of ${what}`, times, usage.calls, PRICES.lambdaRequest),
    line(`Lambda: GB-seconds of ${what}`, times, usage.gigabyteSeconds, PRICES.lambdaGigabyteSecond),
    line(`S3: writes of ${what}`, times, usage.writes, PRICES.s3Write),
    line(`S3: reads of ${what}`, times, usage.reads, PRICES.s3Read),
  ];
  return [
    { what: 'CloudWatch: alarms', amount: alarms, price: PRICES.alarmMonth },
    { what: 'CloudWatch: age of the last verified backup', amount: METRICS, price: PRICES.metricMonth },
    { what: 'KMS: keys of the vault', amount: KEYS, price: PRICES.keyMonth },
    ...work('backups', DAYS, made),
    {
      what: 'Reading archives of 100 GB',
      amount: READINGS,
      because: `${round(DAYS)} new ones + ${PLAN.keptDays} kept × ${round(DAYS)} / ${PLAN.verifyEveryDays}`,
      price: reading,
    },
    ...work('upkeep', DAYS, upkeep),
    ...work('looks at freshness', FRESHNESS_LOOKS, freshness).filter(({ amount }) => amount > 0),
    {
      what: 'CloudWatch: values written',
      amount: FRESHNESS_LOOKS,
      because: `4 an hour × ${HOURS_A_MONTH} h`,
      price: PRICES.metricWrite,
    },
    {
      what: 'EventBridge Scheduler: starts',
      amount: 2 * DAYS + FRESHNESS_LOOKS,
      because: `2 × ${round(DAYS)} + ${FRESHNESS_LOOKS}`,
      price: PRICES.schedulerInvocation,
    },
    line('SNS: one message a backup', DAYS, 1, PRICES.snsPublish),
  ];
};

/** @param times more looks than were counted, or fewer. */
const addLooks = (usage: Usage, look: Usage, times: number): Usage => ({
  transitions: usage.transitions + times * look.transitions,
  calls: usage.calls + times * look.calls,
  gigabyteSeconds: usage.gigabyteSeconds + times * look.gigabyteSeconds,
  writes: usage.writes + times * look.writes,
  reads: usage.reads + times * look.reads,
});

/** What one of so many looks took: the difference of two runs by the difference of their looks. */
export const perLook = (
  short: Usage & { readonly looks: number },
  long: Usage & { readonly looks: number },
): Usage => {
  const more = long.looks - short.looks;
  if (more < 1) throw new Error('The longer Job was not looked at more often.');
  const share = (key: keyof Usage): number => Math.max(0, (long[key] - short[key]) / more);
  return {
    transitions: share('transitions'),
    calls: share('calls'),
    gigabyteSeconds: share('gigabyteSeconds'),
    writes: share('writes'),
    reads: share('reads'),
  };
};

const line = (what: string, times: number, each: number, price: number): BillLine => ({
  what,
  amount: times * each,
  because: `${round(times)} × ${round(each)}`,
  price,
});

const round = (value: number): number => Number(value.toPrecision(3));
