import * as fc from 'fast-check';

/** How a property fails, shrunk to its smallest case; `undefined` when it holds. */
export const counterexample = <T>(property: fc.IProperty<T>, numRuns = 200): string | undefined =>
  fc.defaultReportMessage(fc.check(property, { numRuns }));
