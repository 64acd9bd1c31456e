import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { VerifyCheckpoint } from '../../../functions/backup/verify/checkpoint.ts';
import type { Progress } from '../../../functions/backup/verify/progress.ts';
import { type VerifyOutcome, verifyArchive } from '../../../functions/backup/verify/verify-archive.ts';
import type { ArchiveStore } from '../../../functions/clients/archive-store.ts';
import { RefusedError, TransientError } from '../../../functions/runtime/errors.ts';
import { createFixedClock } from '../../support/fixed-clock.ts';
import { ARCHIVE_NAME, DUMP_END, dumpText, gitlabFiles, packTar } from './gitlab-archive.ts';
import { memoryStore } from './memory-store.ts';
import { EXPECTED } from './verify-run.ts';

/** Verifications that take several runs, each with little time: a read takes a second. */

const START = '2025-11-21T03:00:00.000Z';

const run = async (
  archive: Uint8Array,
  seconds: number,
  from?: VerifyCheckpoint,
  ways: Parameters<typeof memoryStore>[1] = {},
): Promise<{ outcome: VerifyOutcome; reads: number; progress: Progress[] }> => {
  const clock = createFixedClock(START);
  const progress: Progress[] = [];
  const store = memoryStore(archive, { onRead: () => clock.advance(1_000), ...ways });
  const until = new Date(Date.parse(START) + seconds * 1_000);
  const outcome = await verifyArchive(
    { bucket: 'backups', key: ARCHIVE_NAME, expectation: EXPECTED, until, ...(from ? { from } : {}) },
    { store, clock, onProgress: (told) => progress.push(told) },
  );
  return { outcome, reads: store.ranges.length, progress };
};

const runToEnd = async (archive: Uint8Array, seconds: number) => {
  let from: VerifyCheckpoint | undefined;
  let reads = 0;
  for (let runs = 1; runs < 60; runs++) {
    const ran = await run(archive, seconds, from);
    reads += ran.reads;
    if (ran.outcome.state === 'done') return { runs, reads, verification: ran.outcome.verification };
    // It lies in the ledger between two runs.
    from = VerifyCheckpoint.parse(JSON.parse(JSON.stringify(ran.outcome.checkpoint)));
  }
  throw new Error('It never came to its end.');
};

/** How far it is once all headers are read. */
const walkTo = async (archive: Uint8Array): Promise<VerifyCheckpoint> => {
  let from: VerifyCheckpoint | undefined;
  for (let runs = 0; runs < 60; runs++) {
    const { outcome } = await run(archive, 2, from);
    if (outcome.state === 'done') break;
    from = outcome.checkpoint;
    if (from.walked) return from;
  }
  throw new Error('It never came to the end of its headers.');
};

const bigFiles = async () => {
  const rows = Array.from({ length: 9 }, (_, index) => [`repositories/${index}.bundle`, 'x'.repeat(600_000)]);
  return packTar({ ...(await gitlabFiles()), ...Object.fromEntries(rows) });
};

describe('a verification that stops and goes on', () => {
  it('comes to the same end as one in a single run, and counts the reads of all', async () => {
    const archive = await bigFiles();
    const single = await runToEnd(archive, 1_000);
    const many = await runToEnd(archive, 2);
    expect([single.runs, single.verification.verdict]).toEqual([1, 'verified']);
    expect(many.runs).toBeGreaterThan(2);
    const { reads, finishedAt: _, ...rest } = many.verification;
    expect(single.verification).toMatchObject(rest);
    expect(reads.requests).toBe(many.reads);
  });

  it('goes on with the version that was described first, and describes none again', async () => {
    const archive = await bigFiles();
    const { outcome } = await run(archive, 1);
    const from = outcome.state === 'unfinished' ? outcome.checkpoint : undefined;
    const onDescribe = async (): Promise<never> => {
      throw new TransientError('archive.unavailable', 'It was described already.');
    };
    const next = await run(archive, 1_000, from, { onDescribe });
    expect(next.outcome).toMatchObject({ state: 'done', verification: { verdict: 'verified' } });
  });

  it('refuses to go on with an object that was replaced', async () => {
    const archive = await bigFiles();
    const { outcome } = await run(archive, 1);
    const from = outcome.state === 'unfinished' ? outcome.checkpoint : undefined;
    const other = await run(archive.slice(0, -10_240), 1_000, from);
    expect(other.outcome).toMatchObject({
      state: 'done',
      verification: { verdict: 'not-checked', reasons: [{ code: 'changed-while-read' }] },
    });
  });

  it('gives a dump one whole run, and then says that there is no time for it', async () => {
    const [head = '', tail = ''] = dumpText().split('\\.\n', 2);
    const dump = gzipSync([head, 'x\n'.repeat(2_500_000), '\\.\n', tail, DUMP_END].join(''), { level: 0 });
    const archive = await packTar({ ...(await gitlabFiles()), 'db/database.sql.gz': dump });
    expect(await runToEnd(archive, 1_000)).toMatchObject({ runs: 1, verification: { verdict: 'verified' } });
    // Enough for everything but the last pieces of the dump, whichever run begins it.
    const { verification } = await runToEnd(archive, 1);
    expect(verification).toMatchObject({
      verdict: 'not-checked',
      reasons: [{ code: 'dump-not-read', message: expect.stringContaining('not enough time') }],
    });
  });

  it('gives the second of two dumps a whole run too, behind one that the first has had', async () => {
    const [head = '', tail = ''] = dumpText().split('\\.\n', 2);
    const dump = gzipSync([head, 'x\n'.repeat(2_500_000), '\\.\n', tail, DUMP_END].join(''), { level: 0 });
    const files = { ...(await gitlabFiles()), 'db/database.sql.gz': dump, 'db/ci_database.sql.gz': dump };
    const archive = await packTar(files);
    const walked = await walkTo(archive);
    const whole = await run(archive, 1_000, walked);
    const half = Math.ceil(whole.reads / 2) + 1;
    const second = await run(archive, half, { ...walked, interrupted: 'db/database.sql.gz' });
    expect(second.outcome).toMatchObject({
      state: 'unfinished',
      checkpoint: { interrupted: 'db/ci_database.sql.gz' },
    });
  });

  it('keeps what it has read of headers when the object goes before its files are looked into', async () => {
    const archive = await bigFiles();
    const from = await walkTo(archive);
    const onRead = (): never => {
      throw new RefusedError('archive.gone', 'There is none any more.');
    };
    const gone = await run(archive, 1_000, from, { onRead });
    expect(gone.outcome).toMatchObject({
      verification: { verdict: 'incomplete', members: from.walked?.contents.members },
    });
  });

  it('ends at once when it is told to, with the reason', async () => {
    const controller = new AbortController();
    const store: ArchiveStore = memoryStore(await bigFiles(), {
      onRead: () => controller.abort(new Error('Enough.')),
    });
    const request = {
      bucket: 'backups',
      key: ARCHIVE_NAME,
      expectation: EXPECTED,
      signal: controller.signal,
    };
    await expect(verifyArchive(request, { store, clock: createFixedClock(START) })).rejects.toThrow(
      'Enough.',
    );
  });

  it('tells how far it is, with the reads of the runs before', async () => {
    const { outcome, progress } = await run(await bigFiles(), 2);
    expect(progress.length).toBeGreaterThan(0);
    const from = outcome.state === 'unfinished' ? outcome.checkpoint : undefined;
    const next = await run(await bigFiles(), 1_000, from);
    const [first] = next.progress;
    expect(first && 'reads' in first && first.reads.requests).toBe((from?.reads.requests ?? 0) + 1);
  });
});
