import type { BenchWorld } from './bench-world.ts';

/** One number of the bench: what was promised, what was seen, and whether that is kept. */
export interface Row {
  readonly what: string;
  /** The promise as a person reads it; absent for a number that is for information. */
  readonly target?: string;
  readonly measured: string;
  readonly verdict: Verdict;
}
export type Verdict = 'met' | 'missed' | 'no target';

/** Details that are no promise: sizes, or an account's bill. */
export interface Table {
  readonly title: string;
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Sentences below it: what is counted and how. */
  readonly notes?: readonly string[];
}

export interface Result {
  readonly rows: readonly Row[];
  readonly tables?: readonly Table[];
}

/** What a measure is given. */
export interface Bench {
  /** The local world that the measures share; started by the first that asks. */
  readonly world: () => Promise<BenchWorld>;
  /** Ends the shared world with all that it holds in memory, and starts another. */
  readonly freshWorld: () => Promise<BenchWorld>;
  /** Takes one line of progress. */
  readonly say: (line: string) => void;
}

/** One measure: a file of its own and a line in `measures.ts`. */
export interface Measure {
  readonly name: string;
  /** What it does, for `--help`. */
  readonly about: string;
  readonly run: (bench: Bench) => Promise<Result>;
}

/** A row whose promise is an upper limit; every value must stay below it. */
export const below = (
  what: string,
  limit: number,
  unit: string,
  values: Readonly<Record<string, number>> | number,
): Row => {
  const named: [name: string, value: number][] =
    typeof values === 'number' ? [['', values]] : Object.entries(values);
  const isKept = named.every(([, value]) => value < limit);
  const measured = named.map(([name, value]) => `${name} ${formatNumber(value)} ${unit}`.trim()).join(', ');
  return { what, target: `< ${formatNumber(limit)} ${unit}`, measured, verdict: isKept ? 'met' : 'missed' };
};

/** A row whose promise is one certain value. */
export const exactly = (what: string, wanted: string | number, seen: string | number): Row => ({
  what,
  target: String(wanted),
  measured: String(seen),
  verdict: wanted === seen ? 'met' : 'missed',
});

/** A row without a promise. */
export const noted = (what: string, measured: string): Row => ({ what, measured, verdict: 'no target' });

/** Three significant digits, and whole numbers as they are: `0.034`, `12.5`, `3000`. */
export const formatNumber = (value: number): string =>
  Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(3)));
