import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { below, type Measure, type Row } from './measure.ts';
import { POLICY_CASES, TAG_COUNT } from './policy-cases.ts';
import { quantile } from './quantiles.ts';

const COLD_RUNS = 5;
const WARM_RUNS = 21;
const ONE_POLICY = fileURLToPath(new URL('policies-once.ts', import.meta.url));

const Timing = z.object({ coldMs: z.number(), warmMs: z.array(z.number()) });

/** Every kind of tag policy over all tags of a large repository, and patterns that are meant to hurt. */
export const policies: Measure = {
  name: 'policies',
  about: `every kind of tag policy and hostile patterns over ${TAG_COUNT} tags, cold and warm`,
  run: async ({ say }) => ({
    rows: Object.keys(POLICY_CASES).map((name) => {
      const row = measurePolicy(name);
      say(`${row.what}: ${row.measured}`);
      return row;
    }),
  }),
};

/** Cold counts most: a Lambda often makes one decision and is gone. So each run is a process of its own. */
const measurePolicy = (name: string): Row => {
  const timings = Array.from({ length: COLD_RUNS }, () => {
    const child = spawnSync(process.execPath, ['--no-warnings', ONE_POLICY, name, String(WARM_RUNS)], {
      encoding: 'utf8',
    });
    if (child.status !== 0) throw new Error(`Policy ${name} could not be measured:\n${child.stderr}`);
    return Timing.parse(JSON.parse(child.stdout));
  });
  const cold = quantile(
    timings.map(({ coldMs }) => coldMs),
    0.5,
  );
  const warm = quantile(
    timings.flatMap(({ warmMs }) => warmMs),
    0.5,
  );
  return below(`policy ${name}, ${TAG_COUNT} tags`, 50, 'ms', { cold, warm });
};
