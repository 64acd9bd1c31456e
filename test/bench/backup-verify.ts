import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { BACKUP_ID } from '../../infra/local/large-objects/archive-members.ts';
import { startLargeObjects } from '../../infra/local/large-objects/start-large-objects.ts';
import type { ArchivePlan } from '../../infra/local/large-objects/virtual-archive.ts';
import { ARCHIVES, AT_ONCE, billNight, DUMP_GIGABYTES, type OneVerification } from './backup/night-bill.ts';
import { renderBill, sumBill } from './bill.ts';
import { type Bench, below, formatNumber, type Measure, noted, type Result, type Row } from './measure.ts';
import { PRICES_AS_OF } from './prices.ts';
import { bundleScript, runScript } from './run-bundled.ts';

const ONCE = fileURLToPath(new URL('backup/verify-once.ts', import.meta.url));
const BUCKET = 'backups';
const KEY = `${BACKUP_ID}_gitlab_backup.tar`;
const ARCHIVE_BYTES = 100e9;
const MEMBERS = [200, 5_000, 50_000] as const;
/** The size with a promise. */
const PROMISED = 5_000;
/** One read of S3 from a Lambda of its region takes about so long until the first byte. */
const LATENCY_MS = 20;
const MEGABYTE = 1e6;
/** Large enough that the start does not count. */
const DUMP_BYTES = 300 * MEGABYTE;

/**
 * V8 takes what memory there is before it looks for garbage; a Lambda, and a container, bound its heap. The largest
 * archive is read once more with so little, and would fail if it needed more.
 */
const BOUNDED_HEAP = ['--max-old-space-size=64', '--max-semi-space-size=4'];

const Once = z.object({
  ms: z.number(),
  cpuMs: z.number(),
  peakBytes: z.number(),
  members: z.number(),
  verdict: z.string(),
  against: z.array(z.string()),
});
interface Run extends z.output<typeof Once> {
  readonly requests: number;
  readonly receivedBytes: number;
}

/** Verifies archives of 100 GB that are computed as they are read, and accounts for a night of such. */
export const backupVerify: Measure = {
  name: 'backup-verify',
  about: `archives of 100 GB in ${MEMBERS.join(', ')} members, ${LATENCY_MS} ms a read, and ${ARCHIVES} of them a night`,
  run: async (bench) => {
    const folder = await mkdtemp(join(tmpdir(), 'drydock-backup-verify-'));
    try {
      return await measureAll(await bundleScript(ONCE, folder), bench);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

const measureAll = async (bundle: string, { say }: Bench): Promise<Result> => {
  const runs = new Map<number, Run>();
  for (const members of MEMBERS) {
    runs.set(members, await verifyOnce(bundle, planArchive(members), 0));
    say(`${members} members: ${describe(runs.get(members))}`);
  }
  const most = Math.max(...MEMBERS);
  const bounded = await verifyOnce(bundle, planArchive(most), 0, BOUNDED_HEAP);
  say(`${most} members with a heap of 64 MB: ${describe(bounded)}`);
  const dumpPlan = { seed: 'bench', bytes: 1e9, members: 200 };
  const dump = await verifyOnce(bundle, { ...dumpPlan, databaseBytes: DUMP_BYTES }, DUMP_BYTES * 2);
  const besides = await verifyOnce(bundle, { ...dumpPlan, databaseBytes: DUMP_BYTES }, 0);
  const promised = runs.get(PROMISED);
  if (!promised) throw new Error(`There is no run of ${PROMISED} members.`);
  const gigabytes = DUMP_BYTES / 1e9;
  return account(runs, bounded, {
    seconds: promised.ms / 1_000,
    requests: promised.requests,
    secondsOfDump: (dump.ms - besides.ms) / 1_000 / gigabytes,
    requestsOfDump: (dump.requests - besides.requests) / gigabytes,
  });
};

const planArchive = (members: number): ArchivePlan => ({
  seed: 'bench',
  bytes: ARCHIVE_BYTES,
  members,
  databaseBytes: ARCHIVE_BYTES / 100,
});

/** @param dumpReadLimit bytes of a dump that is read to its end; a larger one is not read at all. */
const verifyOnce = async (
  bundle: string,
  plan: ArchivePlan,
  dumpReadLimit: number,
  flags: readonly string[] = [],
): Promise<Run> => {
  const stand = await startLargeObjects({ latencyMs: LATENCY_MS });
  try {
    stand.put(BUCKET, KEY, plan);
    const once = await runScript(Once, [...flags, bundle, BUCKET, KEY, String(dumpReadLimit)], {
      AWS_ENDPOINT_URL_S3: stand.url,
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: 'bench',
      AWS_SECRET_ACCESS_KEY: 'bench',
    });
    if (once.verdict !== 'verified' || once.members !== plan.members) {
      throw new Error(`An archive that is right was found ${once.verdict}: ${once.against.join(' ')}`);
    }
    return { ...once, requests: stand.traffic.requests, receivedBytes: stand.traffic.bytes };
  } finally {
    await stand.stop();
  }
};

const account = (runs: ReadonlyMap<number, Run>, bounded: Run, one: OneVerification): Result => {
  const bill = billNight(one);
  const hours = (ARCHIVES * (one.seconds + DUMP_GIGABYTES * one.secondsOfDump)) / 3_600;
  return {
    rows: [
      ...describeRuns(runs, bounded),
      noted(
        'a database dump read to its end',
        `${formatNumber(1_000 / one.secondsOfDump)} MB a second, packed; it comes on top of the above`,
      ),
      noted(
        `${ARCHIVES} archives of ${PROMISED} members, each with a dump of ${DUMP_GIGABYTES} GB, verified again in a night`,
        `${sumBill(bill).toFixed(2)} USD; ${formatNumber(hours)} h one after another, ` +
          `${formatNumber((hours * 60) / AT_ONCE)} minutes by ${AT_ONCE} Lambdas at once`,
      ),
    ],
    tables: [
      renderBill(`A night of ${ARCHIVES} archives of 100 GB`, bill, [
        `Prices: ${PRICES_AS_OF}. Counted on one archive of ${PROMISED} members and on a dump of ${DUMP_BYTES / MEGABYTE} MB, and multiplied.`,
        'Bytes cost nothing within a region when S3 is reached by its gateway endpoint; through a NAT gateway they do.',
      ]),
    ],
  };
};

const describeRuns = (runs: ReadonlyMap<number, Run>, bounded: Run): Row[] => {
  const promised = runs.get(PROMISED);
  if (!promised) return [];
  const what = `verification of 100 GB in ${PROMISED} members`;
  const peaks = [...runs].map(([members, { peakBytes }]) => [
    `at ${members}`,
    Math.round(peakBytes / MEGABYTE),
  ]);
  return [
    below(`${what}, ${LATENCY_MS} ms a read`, 60, 's', promised.ms / 1_000),
    below('bytes read for it, its dump not counted', 50, 'MB', promised.receivedBytes / MEGABYTE),
    below('peak memory', 256, 'MB', Object.fromEntries(peaks)),
    below(
      `the same at ${bounded.members} with a heap of 64 MB`,
      256,
      'MB',
      Math.round(bounded.peakBytes / MEGABYTE),
    ),
    ...[...runs].map(([members, run]) => noted(`100 GB in ${members} members`, describe(run))),
  ];
};

const describe = (run: Run | undefined): string => {
  if (!run) return 'not measured';
  const { ms, cpuMs, requests, receivedBytes, peakBytes } = run;
  return (
    `${formatNumber(ms / 1_000)} s (${formatNumber(cpuMs / 1_000)} s of a processor), ${requests} requests, ` +
    `${formatNumber(receivedBytes / MEGABYTE)} MB received, ${Math.round(peakBytes / MEGABYTE)} MB of memory`
  );
};
