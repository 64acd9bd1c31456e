/** Windows as RDS writes them, in UTC: `04:00-04:30` each day, `sun:05:00-sun:05:30` each week. */

const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const DAY = 24 * 60;
const WEEK = 7 * DAY;

const WINDOW = /^(?:([a-z]{3}):)?([01]\d|2[0-3]):([0-5]\d)-(?:([a-z]{3}):)?([01]\d|2[0-3]):([0-5]\d)$/;

/**
 * Does a run that begins now and lasts so many minutes meet the window? A window may go over midnight, and over the
 * end of the week. Ends are not part of it.
 *
 * @returns undefined when that is no window.
 *
 * Source: Amazon RDS API reference, `DBInstance`: PreferredBackupWindow, PreferredMaintenanceWindow.
 */
export const overlapsWindow = (window: string, now: Date, minutes: number): boolean | undefined => {
  const [, fromDay, fromHour, fromMinute, toDay, toHour, toMinute] = WINDOW.exec(window.toLowerCase()) ?? [];
  if (fromHour === undefined || (fromDay === undefined) !== (toDay === undefined)) return undefined;
  const [firstDay, lastDay] = [fromDay, toDay].map((day) => (day === undefined ? 0 : DAYS.indexOf(day)));
  if (firstDay === undefined || lastDay === undefined || firstDay < 0 || lastDay < 0) return undefined;
  const period = fromDay === undefined ? DAY : WEEK;
  const from = firstDay * DAY + Number(fromHour) * 60 + Number(fromMinute);
  const to = lastDay * DAY + Number(toHour) * 60 + Number(toMinute);
  const length = (to - from + period) % period;
  const start = (now.getUTCDay() * DAY + now.getUTCHours() * 60 + now.getUTCMinutes()) % period;
  const sinceFrom = (start - from + period) % period;
  // Either it is open at the begin, or it opens before the end.
  return sinceFrom < length || period - sinceFrom < minutes;
};
