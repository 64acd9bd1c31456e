import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import * as z from 'zod';

/** Folder with the tables of other projects' expectations; without it these suites report a skip. */
export const conformanceFolder = process.env.DRYDOCK_CONFORMANCE;

/** Rows of one table; the caller's schema takes what it needs of each. */
export const readRows = <S extends z.ZodType>(file: string, row: S): z.output<S>[] =>
  conformanceFolder === undefined
    ? []
    : z.array(row).parse(JSON.parse(readFileSync(join(conformanceFolder, file), 'utf8')));

export interface Conformance<Row extends { readonly id: string }> {
  readonly rows: readonly Row[];
  readonly answer: (row: Row) => unknown;
  readonly expectation: (row: Row) => unknown;
  /** Why we differ on purpose, by the row's id. */
  readonly differences?: Readonly<Record<string, string>>;
}

/** Holds our answer to every row against what others expect of it; where we differ on purpose, the reason is the title. */
export const itConforms = <Row extends { readonly id: string }>({
  rows,
  answer,
  expectation,
  differences = {},
}: Conformance<Row>): void => {
  const isAccepted = ({ id }: Row): boolean => Object.hasOwn(differences, id);
  const withReason = rows.filter(isAccepted).map((row) => ({ row, id: row.id, reason: differences[row.id] }));

  it('has rows to check', () => {
    expect(rows.length).toBeGreaterThan(0);
  });

  it.each(rows.filter((row) => !isAccepted(row)))('$id agrees', (row) => {
    expect(answer(row)).toEqual(expectation(row));
  });

  // A difference that is gone must leave the list, or it would hide the next one.
  it.each(withReason)('$id differs: $reason', ({ row }) => {
    expect(answer(row)).not.toEqual(expectation(row));
  });

  it('accepts no difference in a row that does not exist', () => {
    const ids = new Set(rows.map(({ id }) => id));
    expect(Object.keys(differences).filter((id) => !ids.has(id))).toEqual([]);
  });
};
