/** Quantiles of a sample by nearest rank: always a value that was really seen. */
export const quantile = (values: readonly number[], share: number): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const seen = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  if (seen === undefined) throw new RangeError('There is no quantile of no values.');
  return seen;
};

/** The quantiles that the tables print. */
export const summarise = (values: readonly number[]) => ({
  p50: quantile(values, 0.5),
  p95: quantile(values, 0.95),
  p99: quantile(values, 0.99),
  max: quantile(values, 1),
});
