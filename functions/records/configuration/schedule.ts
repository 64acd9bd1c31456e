/** Schedule expressions of EventBridge Scheduler: `cron(0 3 * * ? *)`, `rate(12 hours)`. */

export type Schedule =
  | { readonly kind: 'rate'; readonly minutes: number }
  | {
      readonly kind: 'cron';
      readonly minutes: ReadonlySet<number>;
      readonly hours: ReadonlySet<number>;
      /** Does it come on this day? Midnight in UTC stands for a day of the calendar, whatever its zone. */
      readonly comesOn: (day: Date) => boolean;
    };

/**
 * Reads an expression; a text says what is wrong with it.
 *
 * Source: EventBridge Scheduler User Guide, "Schedule types": six fields, of day-of-month and day-of-week one is `?`.
 */
export const parseSchedule = (text: string): Schedule | string => {
  const [, kind, inside = ''] = /^(cron|rate)\(([^()]*)\)$/.exec(text.trim()) ?? [];
  if (kind === 'rate') return parseRate(inside.trim());
  return kind === 'cron' ? parseCron(inside.trim().split(/\s+/)) : FORM;
};

const FORM = 'must be "cron(minutes hours day-of-month month day-of-week year)" or "rate(12 hours)"';

const UNITS: Readonly<Record<string, number>> = { minute: 1, hour: 60, day: 1440 };

const parseRate = (inside: string): Schedule | string => {
  const [, amount = '', unit = '', plural] = /^([1-9]\d{0,4})\s+(minute|hour|day)(s?)$/.exec(inside) ?? [];
  const minutes = UNITS[unit];
  if (minutes === undefined) return 'must name a number and minutes, hours or days, as in "rate(12 hours)"';
  if ((amount === '1') !== (plural === ''))
    return 'takes "1 hour" and "2 hours": one is singular, more are plural';
  return { kind: 'rate', minutes: Number(amount) * minutes };
};

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

const parseCron = (fields: readonly string[]): Schedule | string => {
  const [minute = '', hour = '', monthDay = '', month = '', weekday = '', year = ''] = fields;
  if (fields.length !== 6) return `has ${fields.length} fields in "cron(...)" and needs six: ${FIELDS}`;
  if ((monthDay === '?') === (weekday === '?')) {
    return 'needs "?" as day-of-month or as day-of-week, and only as one of them';
  }
  const minutes = parseField(minute, 0, 59);
  const hours = parseField(hour, 0, 23);
  const months = parseField(month, 1, 12, MONTHS);
  const years = parseField(year, 1970, 2199);
  const days = weekday === '?' ? parseMonthDay(monthDay) : parseWeekday(weekday);
  const day = weekday === '?' ? 'day-of-month' : 'day-of-week';
  const parsed = { minutes, hours, [day]: days, month: months, year: years };
  const wrong = Object.entries(parsed).find(([, field]) => field === undefined);
  if (wrong) return `has a field that EventBridge Scheduler does not take: ${wrong[0]}`;
  if (!minutes || !hours || !months || !years || !days) return FORM;
  return {
    kind: 'cron',
    minutes,
    hours,
    comesOn: (day) => years.has(day.getUTCFullYear()) && months.has(day.getUTCMonth() + 1) && days(day),
  };
};

const FIELDS = 'minutes hours day-of-month month day-of-week year';

/** `*`, `5`, `1-5`, `0/15`, `MON-FRI`, and lists of them. */
const parseField = (
  text: string,
  min: number,
  max: number,
  names: readonly string[] = [],
): Set<number> | undefined => {
  const found = new Set<number>();
  for (const part of text.split(',')) {
    const [, from = '', to, step] = /^(\*|\w+)(?:-(\w+))?(?:\/(\d{1,4}))?$/.exec(part) ?? [];
    const read = (one: string): number => {
      const index = names.indexOf(one.toUpperCase());
      return index >= 0 ? index + min : /^\d{1,4}$/.test(one) ? Number(one) : Number.NaN;
    };
    const first = from === '*' ? min : read(from);
    const last = to !== undefined ? read(to) : from === '*' || step !== undefined ? max : first;
    const by = Number(step ?? 1);
    const isFine =
      first >= min && last <= max && first <= last && by >= 1 && !(from === '*' && to !== undefined);
    if (!isFine) return undefined;
    for (let value = first; value <= last; value += by) found.add(value);
  }
  return found;
};

type DayTest = (day: Date) => boolean;

const lastDayOf = (day: Date): number =>
  new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + 1, 0)).getUTCDate();

/** `L` is the last day, `15W` the working day nearest to the 15th of the same month. */
const parseMonthDay = (text: string): DayTest | undefined => {
  if (text === 'L') return (day) => day.getUTCDate() === lastDayOf(day);
  const near = Number(/^(\d{1,2})W$/.exec(text)?.[1] ?? Number.NaN);
  if (near >= 1 && near <= 31) return (day) => day.getUTCDate() === workingDayNear(day, near);
  const days = parseField(text, 1, 31);
  return days && ((day) => days.has(day.getUTCDate()));
};

const workingDayNear = (day: Date, date: number): number => {
  const last = lastDayOf(day);
  if (date > last) return Number.NaN;
  const weekday = new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth(), date)).getUTCDay();
  if (weekday === 6) return date === 1 ? 3 : date - 1;
  if (weekday === 0) return date === last ? date - 2 : date + 1;
  return date;
};

/** `6L` is the last Friday, `MON#1` the first Monday; Sunday is 1. */
const parseWeekday = (text: string): DayTest | undefined => {
  if (text === 'L') return (day) => day.getUTCDay() === 6;
  const [, name = '', last, count] = /^(\w{1,3}?)(?:(L)|#([1-5]))$/.exec(text) ?? [];
  const weekdays = parseField(name === '' ? text : name, 1, 7, WEEKDAYS);
  if (!weekdays) return undefined;
  return (day) => {
    if (!weekdays.has(day.getUTCDay() + 1)) return false;
    if (last !== undefined) return day.getUTCDate() > lastDayOf(day) - 7;
    return count === undefined || Math.ceil(day.getUTCDate() / 7) === Number(count);
  };
};
