import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { type LocalCluster, startCluster } from '../../infra/local/cluster/start-cluster.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import { type Bench, below, formatNumber, type Measure, noted, type Row } from './measure.ts';
import { quantile } from './quantiles.ts';
import { bundleScript, runScript } from './run-bundled.ts';
import { fillCluster } from './scan/fill-cluster.ts';

const RUNS = 3;
const ONCE = fileURLToPath(new URL('scan/scan-once.ts', import.meta.url));
/** The size at which the peer was measured, and sizes before and behind it that show how memory grows. */
const SIZES = [1_000, 20_000, 50_000] as const;
const COMPARED = 20_000;
/**
 * Pluto (2026-04) over 20,200 objects and 200 Helm releases on an API server of this kind: 2.58 s, 256 MB. A fifth of
 * the time is the promise.
 */
const PLUTO = { seconds: 2.58, megabytes: 256 } as const;
const FASTER = 5;
const MEGABYTE = 1_000_000;
/**
 * V8 takes what memory there is before it looks for garbage, so that its peak says little about what is needed. With
 * its heap bounded to this many megabytes a reading that holds more than a page or two would fail.
 */
const BOUNDED_HEAP = ['--max-old-space-size=64', '--max-semi-space-size=4'];

const Once = z.object({
  ms: z.number(),
  peakBytes: z.number(),
  objects: z.number(),
  releases: z.number(),
  findings: z.number(),
});
interface Reading extends z.output<typeof Once> {
  readonly receivedBytes: number;
}

/** Reads clusters of several sizes: deprecated APIs alone, and everything that a check reads of a cluster. */
export const upgradeScan: Measure = {
  name: 'scan',
  about: `deprecated APIs and the full check on clusters of ${SIZES.join(', ')} objects, with memory and bytes`,
  run: async (bench) => {
    const folder = await mkdtemp(join(tmpdir(), 'drydock-scan-'));
    const cluster = await startCluster({ folder, report: bench.say });
    try {
      return { rows: await measureSizes(cluster, folder, bench) };
    } finally {
      await cluster.stop();
      await rm(folder, { recursive: true, force: true });
    }
  },
};

const measureSizes = async (cluster: LocalCluster, folder: string, { say }: Bench): Promise<Row[]> => {
  const { hostname, port } = new URL(cluster.endpoint);
  const meter = await startTcpProxy({ host: hostname, port: Number(port) });
  const kubeconfig = join(folder, 'metered.kubeconfig');
  const original = await readFile(cluster.kubeconfig, 'utf8');
  await writeFile(kubeconfig, original.replaceAll(`:${port}`, `:${meter.port}`));
  const bundle = await bundleScript(ONCE, folder);
  // Bytes are counted in a run of their own: what counts them takes processor time from what is measured.
  const read = async (mode: 'scan' | 'full', flags: readonly string[] = []): Promise<Reading> => {
    const before = meter.received;
    await readOnce([...flags, bundle, kubeconfig, mode]);
    const receivedBytes = meter.received - before;
    const runs: z.output<typeof Once>[] = [];
    for (let run = 0; run < RUNS; run++) {
      runs.push(await readOnce([...flags, bundle, cluster.kubeconfig, mode]));
    }
    return { ...median(runs), receivedBytes };
  };

  const scans = new Map<number, Reading>();
  const bounded = new Map<number, Reading>();
  const fulls = new Map<number, Reading>();
  let filled = 0;
  try {
    for (const size of SIZES) {
      await fillCluster(cluster.kubeconfig, { from: filled, to: size }, say);
      filled = size;
      scans.set(size, await read('scan'));
      bounded.set(size, await read('scan', BOUNDED_HEAP));
      fulls.set(size, await read('full'));
      say(`${size} objects: scan ${describe(scans.get(size))}; full ${describe(fulls.get(size))}`);
    }
  } finally {
    await meter.stop();
  }
  return [...describeScans(scans, bounded), ...describeFulls(fulls)];
};

const readOnce = (args: readonly string[]): Promise<z.output<typeof Once>> => runScript(Once, args);

const median = (runs: readonly z.output<typeof Once>[]): z.output<typeof Once> => {
  const [first] = runs;
  if (!first) throw new Error('Nothing was read.');
  const of = (value: (run: z.output<typeof Once>) => number): number => quantile(runs.map(value), 0.5);
  return { ...first, ms: of(({ ms }) => ms), peakBytes: of(({ peakBytes }) => peakBytes) };
};

const describe = (reading: Reading | undefined): string => {
  if (!reading) return 'not measured';
  const { ms, peakBytes, receivedBytes } = reading;
  return `${formatNumber(ms / 1_000)} s, ${Math.round(peakBytes / MEGABYTE)} MB, ${formatNumber(receivedBytes / MEGABYTE)} MB received`;
};

const peaksOf = (readings: ReadonlyMap<number, Reading>): Record<string, number> =>
  Object.fromEntries(
    [...readings].map(([size, { peakBytes }]) => [`at ${size}`, Math.round(peakBytes / MEGABYTE)]),
  );

const describeScans = (scans: ReadonlyMap<number, Reading>, bounded: ReadonlyMap<number, Reading>): Row[] => {
  const compared = scans.get(COMPARED);
  if (!compared) return [];
  const seconds = compared.ms / 1_000;
  return [
    below(
      `deprecated APIs, ${COMPARED} objects and 200 Helm releases; Pluto: ${PLUTO.seconds} s, ${PLUTO.megabytes} MB`,
      PLUTO.seconds / FASTER,
      's',
      seconds,
    ),
    below('its peak memory at so many objects', PLUTO.megabytes, 'MB', peaksOf(scans)),
    below('the same with a heap of 64 MB', PLUTO.megabytes, 'MB', peaksOf(bounded)),
    noted(
      'found by it',
      `${compared.objects} objects and ${compared.releases} releases, ${formatNumber(compared.receivedBytes / MEGABYTE)} MB received`,
    ),
  ];
};

const describeFulls = (fulls: ReadonlyMap<number, Reading>): Row[] =>
  [...fulls].map(([size, reading]) => noted(`full check of the cluster, ${size} objects`, describe(reading)));
