import { lookInterval } from '../../functions/backup/run/look-interval.ts';

/** Looks at a Job of so many hours, none of which takes any time itself. */
export const countJobLooks = (hours: number): number => {
  let looks = 0;
  for (let second = 0; second <= hours * 3_600; second += lookInterval(second)) looks += 1;
  return looks;
};
