import { saySize } from '../verify/rules/rule.ts';

/** Durations and growth as a person reads them. */

/** `45 s`, `12 min`, `1 h 52 min`, `5 days`; the smaller unit is left out where it says nothing. */
export const sayDuration = (ms: number): string => {
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  if (hours === 0) return `${minutes} min`;
  if (hours >= 72) return `${Math.floor(hours / 24)} days`;
  return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`;
};

/** Against the one before, as the end of a sentence: `2.10 GB (2.1 %) more than the one before`. */
export const sayGrowth = (size: number, before: number): string => {
  const difference = Math.abs(size - before);
  if (difference === 0) return 'as much as the one before';
  const direction = size > before ? 'more' : 'less';
  if (before === 0) return `${saySize(difference)} ${direction} than the one before`;
  const percent = (100 * difference) / before;
  const shown = percent < 0.1 ? 'under 0.1' : percent < 10 ? percent.toFixed(1) : percent.toFixed(0);
  return `${saySize(difference)} (${shown} %) ${direction} than the one before`;
};
