import type { Support } from '../../records/upgrade/report.ts';

/** The support calendar in words, the same in a message, on a page and in a terminal. */

/** `365 USD`: whole dollars from ten on, cents below. */
export const sayUsd = (amount: number): string =>
  `${amount.toLocaleString('en-US', { minimumFractionDigits: amount < 10 && amount > 0 ? 2 : 0, maximumFractionDigits: amount < 10 ? 2 : 0 })} USD`;

/** `11 days`, `1 day`. */
export const sayDays = (days: number): string => `${days} ${days === 1 ? 'day' : 'days'}`;

/** `in 11 days`, `today`, `3 days ago`. */
export const sayWhen = (daysLeft: number): string => {
  if (daysLeft === 0) return 'today';
  return daysLeft > 0 ? `in ${sayDays(daysLeft)}` : `${sayDays(-daysLeft)} ago`;
};

/** Where the cluster stands, in one sentence. */
export const saySupport = (support: Support): string => {
  const { state, standardEnds, extendedEnds, daysLeft, supportType } = support;
  if (state === 'unknown' || !daysLeft) return 'The end of support of this version is not known.';
  if (state === 'standard') return `Standard support ends ${sayWhen(daysLeft.standard)}, on ${standardEnds}.`;
  // With the policy STANDARD there is no extended support: EKS moves the control plane instead.
  if (state === 'extended' && supportType === 'STANDARD')
    return `Standard support ended ${sayWhen(daysLeft.standard)}, on ${standardEnds}.`;
  if (state === 'extended')
    return `In extended support since ${standardEnds}; it ends ${sayWhen(daysLeft.extended)}, on ${extendedEnds}.`;
  return `Out of support since ${extendedEnds}.`;
};

/** What waiting means: the price, and the day from which EKS acts by itself. */
export const sayWaiting = (support: Support): string[] => {
  const { state, supportType, standardEnds, forcedFrom, cost } = support;
  const lines: string[] = [];
  if (state === 'standard' && supportType === 'EXTENDED') {
    lines.push(
      `From ${standardEnds} on the cluster costs ${sayUsd(cost.perMonth)} a month more (${sayUsd(cost.perYear)} a year).`,
    );
  }
  if (state === 'extended' && supportType === 'EXTENDED') {
    lines.push(
      `It costs ${sayUsd(cost.perMonth)} a month more: ${sayUsd(cost.soFar)} until now, ${sayUsd(cost.untilForced)} until the end of extended support.`,
    );
  }
  if (forcedFrom !== undefined) {
    lines.push(
      `From ${forcedFrom} on EKS may upgrade the control plane by itself, at a time it does not announce.`,
    );
  }
  if (support.source === 'table') {
    lines.push('EKS could not be asked: these dates are a copy of its calendar, and may be behind.');
  }
  return lines;
};
