import { readFile, writeFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { styleText } from 'node:util';
import { formatDuration } from '../../infra/local/report.ts';
import { chooseMeasures, readArguments, USAGE } from './arguments.ts';
import { type BenchWorld, startBenchWorld } from './bench-world.ts';
import { describeMachine } from './machine.ts';
import type { Bench, Measure, Result } from './measure.ts';
import { measures } from './measures.ts';
import { RESULTS_FILE, Results, renderRows } from './render.ts';

/** Runs the measures, prints their table and keeps it; `--help` says how. */
const main = async (): Promise<number> => {
  const asked = readArguments(process.argv.slice(2));
  if (!asked.ok) return refuse(asked.message);
  if (asked.help) {
    console.log(USAGE);
    return 0;
  }
  const chosen = chooseMeasures(measures, asked.only);
  if (!chosen.ok) return refuse(chosen.message);

  const bench = openBench();
  const results = await readResults();
  process.once('SIGINT', () => {
    void bench.stop().finally(() => process.exit(130));
  });
  let failed = 0;
  try {
    for (const measure of chosen.measures) {
      const result = await runMeasure(measure, bench);
      if (result === undefined) failed++;
      else results.measures[measure.name] = { at: new Date().toISOString(), load: load(), ...result };
    }
  } finally {
    await bench.stop();
  }
  const kept = Results.parse({ machine: describeMachine(), measures: sortLikeRegistry(results.measures) });
  await writeFile(RESULTS_FILE, `${JSON.stringify(kept, null, 2)}\n`);
  console.log(
    `\n${renderRows(kept)}\nKept in test/bench/results.json; \`node test/bench/render.ts\` puts it into the README.`,
  );
  return failed === 0 ? 0 : 1;
};

const refuse = (message: string): number => {
  console.error(message);
  return 2;
};

const runMeasure = async (measure: Measure, bench: Bench): Promise<Result | undefined> => {
  const started = performance.now();
  console.log(styleText('bold', `\n${measure.name}`), `- ${measure.about}`);
  try {
    const result = await measure.run(bench);
    for (const { what, measured, verdict } of result.rows) console.log(`  ${what}: ${measured} (${verdict})`);
    console.log(`  took ${formatDuration(performance.now() - started)}`);
    return result;
  } catch (error) {
    console.error(`  ${measure.name} could not be measured:`, error);
    return undefined;
  }
};

/** One world for all measures, started by the first that asks for it. */
const openBench = (): Bench & { stop(): Promise<void> } => {
  let shared: Promise<BenchWorld> | undefined;
  const say = (line: string): void => console.log(`  ${line}`);
  const world = (): Promise<BenchWorld> => (shared ??= startBenchWorld({ report: say }));
  const stop = async (): Promise<void> => {
    const started = await shared?.catch(() => undefined);
    shared = undefined;
    await started?.stop();
  };
  return { say, world, stop, freshWorld: () => stop().then(world) };
};

/** Of the last runs: a run of one measure keeps the numbers of the others. */
const readResults = async (): Promise<Pick<Results, 'measures'>> => {
  const text = await readFile(RESULTS_FILE, 'utf8').catch(() => undefined);
  return text === undefined ? { measures: {} } : Results.parse(JSON.parse(text));
};

const sortLikeRegistry = (unsorted: Results['measures']): Results['measures'] =>
  Object.fromEntries(
    measures.flatMap(({ name }) => (unsorted[name] === undefined ? [] : [[name, unsorted[name]]])),
  );

/** Processes that wanted to run over the last minute: says whether the machine was calm. */
const load = (): number => Math.round((loadavg()[0] ?? 0) * 10) / 10;

process.exitCode = await main();
