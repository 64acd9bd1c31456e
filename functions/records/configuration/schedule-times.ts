import { parseSchedule, type Schedule } from './schedule.ts';

/** When a schedule comes, by the clock on the wall of its time zone. */

/** Two years, so that the longest way between two runs is in it, that over a leap day too. */
const DAYS_AHEAD = 800;

/** A day in the calendar from which runs are counted; schedules do not depend on it. */
const FIRST_DAY = Date.UTC(2027, 0, 1);
const DAY_MS = 86_400_000;

/** Starts as minutes on the wall clock, in order; none for a rate, whose first run is when it is deployed. */
export const listStarts = (schedule: Schedule, days = DAYS_AHEAD): number[] => {
  if (schedule.kind === 'rate') return [];
  const times = [...schedule.hours]
    .flatMap((hour) => [...schedule.minutes].map((minute) => hour * 60 + minute))
    .toSorted((a, b) => a - b);
  return Array.from({ length: days }, (_, index) => index)
    .filter((index) => schedule.comesOn(new Date(FIRST_DAY + index * DAY_MS)))
    .flatMap((index) => times.map((time) => index * 1440 + time));
};

/**
 * The shortest and the longest time between two runs, in minutes; `undefined` of a schedule that does not come twice
 * within two years, or cannot be read.
 */
export const gapsOf = (text: string): { readonly shortest: number; readonly longest: number } | undefined => {
  const schedule = parseSchedule(text);
  if (typeof schedule === 'string') return undefined;
  if (schedule.kind === 'rate') return { shortest: schedule.minutes, longest: schedule.minutes };
  const starts = listStarts(schedule);
  let [shortest, longest] = [Number.POSITIVE_INFINITY, 0];
  for (const [index, start] of starts.entries()) {
    const gap = start - (starts[index - 1] ?? Number.NaN);
    if (Number.isNaN(gap)) continue;
    shortest = Math.min(shortest, gap);
    longest = Math.max(longest, gap);
  }
  return starts.length < 2 ? undefined : { shortest, longest };
};

/** A schedule and the clock that it goes by. */
export interface TimedSchedule {
  readonly schedule: string;
  /** IANA, such as `Europe/Berlin`. */
  readonly timeZone: string;
}

/** Two schedules that start within a few minutes of each other. */
export interface Clash {
  /** For a person: `2027-01-01 03:00 Europe/Berlin`; of two zones in UTC. */
  readonly at: string;
  readonly minutesApart: number;
}

/**
 * The first time within two years that two schedules start closer together than `minutes`; that may be so in one half
 * of the year only, when they go by different clocks. Of a rate nobody knows when it starts, so it clashes with none.
 */
export const findClash = (one: TimedSchedule, other: TimedSchedule, minutes: number): Clash | undefined => {
  const zone = one.timeZone === other.timeZone ? one.timeZone : 'UTC';
  const [first, second] = [listStartsIn(zone, one), listStartsIn(zone, other)];
  let index = 0;
  for (const start of first) {
    while (index < second.length && (second[index] ?? 0) <= start - minutes) index++;
    const near = second[index];
    if (near !== undefined && near < start + minutes) {
      return { at: `${formatStart(Math.max(start, near))} ${zone}`, minutesApart: Math.abs(near - start) };
    }
  }
  return undefined;
};

/**
 * The first time within two years that a schedule starts within so many minutes after another one, in UTC; `undefined`
 * when it never does, or when nobody knows when one of them starts.
 */
export const findFirstWithin = (
  one: TimedSchedule,
  other: TimedSchedule,
  minutes: number,
): string | undefined => {
  const [starts, begins] = [listStartsIn('UTC', one), listStartsIn('UTC', other)];
  let index = 0;
  for (const start of starts) {
    while (index < begins.length && (begins[index] ?? 0) <= start - minutes) index++;
    const begin = begins[index];
    if (begin !== undefined && begin <= start) return `${formatStart(start)} UTC`;
  }
  return undefined;
};

/** `2027-01-01 03:00`, by the clock on the wall that the minutes are of. */
const formatStart = (start: number): string =>
  new Date(FIRST_DAY + start * 60_000).toISOString().slice(0, 16).replace('T', ' ');

/** Starts by the clock of a zone: their own, or UTC. */
const listStartsIn = (zone: string, { schedule, timeZone }: TimedSchedule): number[] => {
  const parsed = parseSchedule(schedule);
  if (typeof parsed === 'string') return [];
  const starts = listStarts(parsed);
  if (zone === timeZone) return starts;
  const offsetOf = readOffsets(timeZone);
  return starts.map((start) => start - offsetOf(Math.floor(start / 1440))).toSorted((a, b) => a - b);
};

/** Minutes that a zone is ahead of UTC on a day, at noon; on the night of a change that is right but for hours. */
const readOffsets = (timeZone: string): ((day: number) => number) => {
  const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  const known = new Map<number, number>();
  return (day) => {
    const offset = known.get(day) ?? parseOffset(format.format(FIRST_DAY + day * DAY_MS + DAY_MS / 2));
    known.set(day, offset);
    return offset;
  };
};

/** `GMT+05:30` at the end of a text; `GMT` alone is UTC. */
const parseOffset = (text: string): number => {
  const [, sign, hours, minutes] = /GMT(?:([+-])(\d{2}):(\d{2}))?$/.exec(text) ?? [];
  const ahead = Number(hours ?? 0) * 60 + Number(minutes ?? 0);
  return sign === '-' ? -ahead : ahead;
};
