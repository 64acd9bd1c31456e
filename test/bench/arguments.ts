import { parseArgs } from 'node:util';
import type { Measure } from './measure.ts';
import { measures } from './measures.ts';

export type Arguments =
  | { readonly ok: true; readonly help: boolean; readonly only: readonly string[] }
  | { readonly ok: false; readonly message: string };

/** Reads the command line of `npm run bench`. */
export const readArguments = (args: readonly string[]): Arguments => {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { help: { type: 'boolean', short: 'h' }, only: { type: 'string', multiple: true } },
    });
    const only = (values.only ?? []).flatMap((names) => names.split(',')).filter((name) => name !== '');
    return { ok: true, help: values.help ?? false, only };
  } catch (error) {
    return { ok: false, message: `${error instanceof Error ? error.message : String(error)}\n\n${USAGE}` };
  }
};

export type Choice =
  | { readonly ok: true; readonly measures: readonly Measure[] }
  | { readonly ok: false; readonly message: string };

/** The measures of these names in the order of the registry; all of them when none is named. */
export const chooseMeasures = (all: readonly Measure[], only: readonly string[]): Choice => {
  const unknown = only.filter((wanted) => !all.some(({ name }) => name === wanted));
  if (unknown.length > 0) {
    const message = `There is no measure ${unknown.join(', ')}; there are ${all.map(({ name }) => name).join(', ')}.`;
    return { ok: false, message };
  }
  return { ok: true, measures: only.length === 0 ? all : all.filter(({ name }) => only.includes(name)) };
};

const width = Math.max(...measures.map(({ name }) => name.length));

export const USAGE = `npm run bench                        measures everything on a local world of its own
npm run bench -- --only door         measures just this; --only door,push or twice --only for more
npm run bench -- --help              prints this

Measures:
${measures.map(({ name, about }) => `  ${name.padEnd(width)}  ${about}`).join('\n')}

All load goes to loopback and ends by itself. The numbers are kept in test/bench/results.json; those of a measure
that was not run stay. \`node test/bench/render.ts\` puts the tables into README.md.`;
