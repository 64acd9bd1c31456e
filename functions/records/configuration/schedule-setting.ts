import * as z from 'zod';
import { parseSchedule } from './schedule.ts';
import { gapsOf } from './schedule-times.ts';

/** When something of drydock.yaml runs: a schedule, and the zone that it is meant in. */

/** More often than this, preflight and verification alone take the time between. */
export const MIN_MINUTES_BETWEEN_RUNS = 15;

/** Every zone that Node knows; Lambdas read this file as well, so no library does it. */
const isTimeZone = (name: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
};

export const ScheduleText = z
  .string()
  .superRefine((text, context) => {
    const parsed = parseSchedule(text);
    if (typeof parsed === 'string') {
      context.addIssue({ code: 'custom', message: parsed });
      return;
    }
    const gaps = gapsOf(text);
    if (!gaps) {
      context.addIssue({ code: 'custom', message: 'does not come twice in the next two years' });
    } else if (gaps.shortest < MIN_MINUTES_BETWEEN_RUNS) {
      const message = `starts again after ${gaps.shortest} minutes; allowed: ${MIN_MINUTES_BETWEEN_RUNS} minutes or more`;
      context.addIssue({ code: 'custom', message });
    }
  })
  .meta({
    description:
      'When it runs, as EventBridge Scheduler writes it: cron(minutes hours day-of-month month day-of-week year) or rate(12 hours).',
    examples: ['cron(0 3 * * ? *)', 'cron(30 4 1 * ? *)', 'rate(12 hours)'],
  });

export const TimeZone = z
  .string()
  .refine(isTimeZone, 'must be a time zone such as "Europe/Berlin" (IANA), or "UTC"')
  .default('UTC')
  .meta({ description: 'Time zone of the schedule.' });
