import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { formatDuration } from '../../infra/local/report.ts';
import { type Measure, noted } from './measure.ts';
import { quantile } from './quantiles.ts';

const SYNTHS = 3;
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** What a person waits for: the synth of the app, and a world that was built before. */
export const start: Measure = {
  name: 'start',
  about: `${SYNTHS} runs of npm run synth; a start of the local world from what is in the cache`,
  run: async (bench) => {
    const folder = await mkdtemp(join(tmpdir(), 'drydock-synth-'));
    const taken: number[] = [];
    try {
      for (let index = 0; index < SYNTHS; index++) {
        const started = performance.now();
        await execa('npm', ['run', '--silent', 'synth', '--', '--output', folder], { cwd: ROOT });
        taken.push(performance.now() - started);
        bench.say(`synth ${index + 1} of ${SYNTHS}: ${formatDuration(performance.now() - started)}`);
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
    const { startMs } = await bench.world();
    return {
      rows: [
        noted('synth of the app with all rules of cdk-nag', formatDuration(quantile(taken, 0.5))),
        noted('local world, warm: all parts up, the app deployed', formatDuration(startMs)),
      ],
    };
  },
};
