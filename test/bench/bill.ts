import { formatNumber, type Table } from './measure.ts';

/** One position of a bill: so many of something at a price each. */
export interface BillLine {
  readonly what: string;
  readonly amount: number;
  /** USD for one. */
  readonly price: number;
  /** How the amount comes about, where it is not simply counted. */
  readonly because?: string;
}

export const sumBill = (lines: readonly BillLine[]): number =>
  lines.reduce((sum, { amount, price }) => sum + amount * price, 0);

/**
 * Renders a bill with its arithmetic, so that each number can be checked with a pocket calculator.
 *
 * @param times further columns: the sum for so many.
 */
export const renderBill = (
  title: string,
  lines: readonly BillLine[],
  notes: readonly string[],
  times: readonly number[] = [],
): Table => {
  const multiply = (usd: number): string[] => times.map((factor) => formatUsd(usd * factor));
  return {
    title,
    header: [
      'What',
      'Amount',
      'USD each',
      'USD',
      ...times.map((factor) => `USD for ${factor.toLocaleString('en')}`),
    ],
    rows: [
      ...lines.map(({ what, amount, price, because }) => [
        what,
        because === undefined ? formatNumber(amount) : `${because} = ${formatNumber(amount)}`,
        formatUsd(price),
        formatUsd(amount * price),
        ...multiply(amount * price),
      ]),
      ['Sum', '', '', formatUsd(sumBill(lines)), ...multiply(sumBill(lines))],
    ],
    notes,
  };
};

/** Cents above a dollar, three significant digits below it, and never an exponent. */
export const formatUsd = (usd: number): string => {
  if (usd === 0 || usd >= 1) return usd.toFixed(2);
  const decimals = Math.min(20, 2 - Math.floor(Math.log10(usd)));
  return usd.toFixed(decimals).replace(/0+$/, '').replace(/\.$/, '');
};
