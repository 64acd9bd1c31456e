import type { Readable } from 'node:stream';

/** One sample of the text format of Prometheus. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/**
 * Reads the samples of some metrics out of a body of several megabytes, line by line: only one line is held. The
 * format: https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export async function* readSamples(body: Readable, names: ReadonlySet<string>): AsyncGenerator<Sample> {
  for await (const line of readLines(body)) {
    const end = line.search(/[{ ]/);
    if (end <= 0 || !names.has(line.slice(0, end))) continue;
    const sample = parseSample(line);
    if (sample) yield sample;
  }
}

async function* readLines(body: Readable): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of body) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  yield rest + decoder.decode();
}

const LABEL = /([A-Za-z_]\w*)="((?:[^"\\]|\\.)*)"/g;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n' };

/** Reads `name{label="value"} 1`; undefined for a comment or a line that is none. A time behind the value is left. */
export const parseSample = (line: string): Sample | undefined => {
  const match = /^([A-Za-z_:][\w:]*)(?:\{(.*)\})?\s+(\S+)(?:\s+-?\d+)?\s*$/.exec(line);
  if (!match) return undefined;
  const [, name = '', labels = '', value = ''] = match;
  const number = Number(value);
  if (Number.isNaN(number)) return undefined;
  const pairs = [...labels.matchAll(LABEL)].map(([, label = '', raw = '']): [string, string] => [
    label,
    raw.replaceAll(/\\(.)/g, (_, escaped: string) => ESCAPES[escaped] ?? escaped),
  ]);
  return { name, labels: Object.fromEntries(pairs), value: number };
};
