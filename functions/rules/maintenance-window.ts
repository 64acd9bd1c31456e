import { DateTime } from 'luxon';
import type { UpgradeSettings } from '../records/configuration/upgrade.ts';

/** A maintenance window as `drydock.yaml` writes it. */
export type MaintenanceWindow = NonNullable<UpgradeSettings['window']>;

export type WindowVerdict =
  | { readonly open: true /** Absent: it never closes. */; readonly closes?: Date }
  | {
      readonly open: false /** Absent: it does not open within the next two weeks. */;
      readonly opens?: Date;
    };

/** By luxon's number of the weekday less one. */
const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
/** A weekly window whose one day has no such hour (clocks go forward) opens in the week after. */
const DAYS_AHEAD = 14;

/**
 * Is a window open, and when does that change? Begin and end are times of day on the wall clock of its zone, so a
 * window over the hour that a zone skips is shorter that day or not there, and one over the repeated hour is longer.
 */
export const judgeWindow = (window: MaintenanceWindow | undefined, now: Date): WindowVerdict => {
  if (!window) return { open: true };
  const openings = listOpenings(window, now);
  const current = openings.find(({ from, to }) => from <= now && now < to);
  if (current) return { open: true, closes: lastEnd(current.to, openings) };
  const next = openings.find(({ from }) => from > now);
  return next ? { open: false, opens: next.from } : { open: false };
};

interface Opening {
  readonly from: Date;
  readonly to: Date;
}

/** The openings from yesterday's, which may reach into today, in order. */
const listOpenings = (window: MaintenanceWindow, now: Date): Opening[] => {
  const today = DateTime.fromJSDate(now, { zone: window.timeZone }).startOf('day');
  const runsOverMidnight = window.to < window.from;
  return Array.from({ length: DAYS_AHEAD + 2 }, (_, index) => today.plus({ days: index - 1 }))
    .filter((day) => isDayOf(window, day))
    .map((day) => ({
      from: at(day, window.from),
      to: at(runsOverMidnight ? day.plus({ days: 1 }) : day, window.to),
    }))
    .filter(({ from, to }) => from < to);
};

const isDayOf = ({ days }: MaintenanceWindow, day: DateTime): boolean => {
  const name = WEEKDAYS[day.weekday - 1];
  return name !== undefined && days.includes(name);
};

/** A time of day that the zone skips that day is the moment at which the clocks go forward, or a little after. */
const at = (day: DateTime, time: string): Date => {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  return day.set({ hour, minute, second: 0, millisecond: 0 }).toJSDate();
};

/** Where one opening ends as the next begins (or has begun), the window stays open. */
const lastEnd = (end: Date, openings: readonly Opening[]): Date => {
  const next = openings.find(({ from, to }) => from <= end && to > end);
  return next ? lastEnd(next.to, openings) : end;
};
