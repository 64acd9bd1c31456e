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

/** MB. What a verification must fit into. */
const MOST_MEMORY = 256;
/**
 * V8 takes what memory there is before it looks for garbage, and this machine has a hundred times more. So Node gets the
 * heap that the runtime of a Lambda of that size starts it with: a twentieth for each half of the young generation, nine
 * tenths for the old one.
 */
const LAMBDA_HEAP = [
  `--max-semi-space-size=${Math.floor(MOST_MEMORY / 20)}`,
  `--max-old-space-size=${Math.floor((MOST_MEMORY * 9) / 10)}`,
];

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
    runs.set(members, await verifyOnce(bundle, planArchive(members), 0, LAMBDA_HEAP));
    say(`${members} members: ${describe(runs.get(members))}`);
  }
  const most = Math.max(...MEMBERS);
  const unbounded = await verifyOnce(bundle, planArchive(most), 0);
  say(`${most} members with all memory of this machine: ${describe(unbounded)}`);
  const dumpPlan = { seed: 'bench', bytes: 1e9, members: 200 };
  const dump = await verifyOnce(bundle, { ...dumpPlan, databaseBytes: DUMP_BYTES }, DUMP_BYTES * 2);
  const besides = await verifyOnce(bundle, { ...dumpPlan, databaseBytes: DUMP_BYTES }, 0);
  const promised = runs.get(PROMISED);
  if (!promised) throw new Error(`There is no run of ${PROMISED} members.`);
  const gigabytes = DUMP_BYTES / 1e9;
  return account(runs, unbounded, {
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

const account = (runs: ReadonlyMap<number, Run>, unbounded: Run, one: OneVerification): Result => {
  const bill = billNight(one);
  const hours = (ARCHIVES * (one.seconds + DUMP_GIGABYTES * one.secondsOfDump)) / 3_600;
  return {
    rows: [
      ...describeRuns(runs, unbounded),
      noted(
        'a database dump read to its end',
        `${formatNumber(1_000 / one.secondsOfDump)} MB a second, packed; it comes on top of the above`,
      ),
      noted(
        `${ARCHIVES} archives of ${PROMISED} members, each with a dump of ${DUMP_GIGABYTES} GB, verified again in a night`,
        `${sumBill(bill).toFixed(2)} USD; ${formatNumber(hours)} h one after another, ` +
          `${formatNumber((hours * 60) / AT_ONCE)} minutes by ${AT_ONCE} at once, as upkeep does`,
      ),
    ],
    tables: [
      renderBill(`A night of ${ARCHIVES} archives of 100 GB`, bill, [
        `Prices: ${PRICES_AS_OF}. Counted on one archive of ${PROMISED} members and on a dump of ${DUMP_BYTES / MEGABYTE} MB, and multiplied.`,
        'The Lambda has the memory that it is deployed with, one processor, whatever it needs of it. Steps and calls are those of a set that is read again: its parts are looked at first.',
        'Bytes cost nothing within a region when S3 is reached by its gateway endpoint; through a NAT gateway they do.',
      ]),
    ],
  };
};

const describeRuns = (runs: ReadonlyMap<number, Run>, unbounded: Run): Row[] => {
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
    below(
      `its peak memory at so many members, with the heap of a Lambda of ${MOST_MEMORY} MB`,
      MOST_MEMORY,
      'MB',
      Object.fromEntries(peaks),
    ),
    noted(
      `the same at ${unbounded.members}, with as much heap as Node likes`,
      `${Math.round(unbounded.peakBytes / MEGABYTE)} MB`,
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
