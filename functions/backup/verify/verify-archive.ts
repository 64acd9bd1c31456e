import type { ArchiveStore } from '../../clients/archive-store.ts';
import type { ArchiveDump, ArchiveObject, Verification } from '../../records/backup/verification.ts';
import type { Clock } from '../../runtime/clock.ts';
import { walkArchive } from '../archive/archive-walk.ts';
import { countReads } from '../archive/counted-source.ts';
import type { VerifyCheckpoint } from './checkpoint.ts';
import { contentsFold, isDump } from './contents.ts';
import type { Evidence } from './evidence.ts';
import { Expectation, type ExpectationInput } from './expectation.ts';
import type { InnerEvidence } from './inner-evidence.ts';
import { judgeArchive } from './judgement.ts';
import { lookInside } from './look-inside.ts';
import { toObstacle } from './obstacles.ts';
import { type OnProgress, watchSource } from './progress.ts';
import { isServerSide } from './rules/rule.ts';

interface VerifyDeps {
  readonly store: ArchiveStore;
  readonly clock: Clock;
  readonly onProgress?: OnProgress | undefined;
}

export interface VerifyRequest {
  readonly bucket: string;
  readonly key: string;
  readonly expectation: ExpectationInput;
  /** What is known from elsewhere: the backup's log, the manifests in Gitaly's own bucket. */
  readonly known?: Pick<Evidence, 'log' | 'serverSideProjects'>;
  /** Looks, once the archive was read, whether its name still leads to it; for buckets with versions. */
  readonly lookAgain?: (object: ArchiveObject, signal?: AbortSignal) => Promise<Evidence['current']>;
  /** Goes on where an earlier run stopped. */
  readonly from?: VerifyCheckpoint | undefined;
  /** Stops at this time, in good order; a dump that is being read then is begun anew by the next run, once. */
  readonly until?: Date | undefined;
  /** Stops reading headers at this time already, so that how far it came can be kept; they go on where they were. */
  readonly walkUntil?: Date | undefined;
  readonly signal?: AbortSignal | undefined;
}

export type VerifyOutcome =
  | { readonly state: 'done'; readonly verification: Verification }
  | { readonly state: 'unfinished'; readonly checkpoint: VerifyCheckpoint };

/**
 * Reads an archive by ranges, and judges it: the object, every header, `backup_information.yml`, the first and last
 * bytes of each file in it, and database dumps up to the limit. What S3 refuses becomes part of the verdict.
 *
 * @throws TransientError of the store, which another run may not meet; the reason of `signal` when that aborts.
 */
export const verifyArchive = async (
  request: VerifyRequest,
  { store, clock, onProgress }: VerifyDeps,
): Promise<VerifyOutcome> => {
  const { from, signal } = request;
  const expectation = Expectation.parse(request.expectation);
  const known = request.known ?? {};
  const startedAt = from?.startedAt ?? clock.now().toISOString();
  const walkUntil = request.walkUntil ?? request.until;
  let object = from?.object;
  let walked = from?.walked;
  let reads = from?.reads ?? { requests: 0, bytes: 0 };

  const finish = (evidence: Omit<Evidence, 'log' | 'serverSideProjects'>): VerifyOutcome => ({
    state: 'done',
    verification: conclude({ ...known, ...evidence }, expectation, {
      archive: object ?? unseen(request, startedAt),
      reads,
      startedAt,
      finishedAt: clock.now().toISOString(),
    }),
  });

  try {
    object ??= await store.describe(signal);
    const described = object;
    const source = countReads(watchSource(store.open(described), reads, onProgress));
    const before = reads;
    const pause = (
      rest: Pick<VerifyCheckpoint, 'walk' | 'walked' | 'interrupted' | 'inner'>,
    ): VerifyOutcome => ({
      state: 'unfinished',
      checkpoint: { version: 1, object: described, startedAt, reads, ...rest },
    });
    try {
      if (!walked) {
        const walk = await walkArchive(source, contentsFold, {
          ...(from?.walk ? { from: from.walk } : {}),
          ...(walkUntil ? { deadline: { clock, until: walkUntil } } : {}),
          ...(signal ? { signal } : {}),
        });
        signal?.throwIfAborted();
        reads = add(before, source.counted());
        if (walk.state === 'unfinished') return pause({ walk: walk.checkpoint, inner: [] });
        walked = { end: walk.end, contents: walk.value };
      }
      const looked = await lookInside(walked.contents, {
        source,
        expectation,
        clock,
        seen: from?.inner ?? [],
        interrupted: from?.interrupted,
        until: request.until,
        signal,
        onProgress,
      });
      reads = add(before, source.counted());
      if (looked.state === 'unfinished') {
        const { inner, interrupted } = looked;
        return pause({ walked, inner, ...(interrupted === undefined ? {} : { interrupted }) });
      }
      const current = await request.lookAgain?.(object, signal);
      return finish({
        object,
        ...walked,
        ...looked.evidence,
        ...(current === undefined ? {} : { current }),
      });
    } finally {
      reads = add(before, source.counted());
    }
  } catch (error) {
    const obstacle = toObstacle(error);
    return finish({ ...(object ? { object } : {}), ...walked, inner: from?.inner ?? [], obstacle });
  }
};

/**
 * Judges an archive by as much of it as was read before somebody gave up.
 *
 * @param obstacle why; left out when the time was over.
 */
export const concludeUnread = (
  { from, known = {}, ...request }: Omit<VerifyRequest, 'until' | 'walkUntil' | 'signal' | 'lookAgain'>,
  obstacle: Evidence['obstacle'],
  clock: Pick<Clock, 'now'>,
): Verification => {
  const now = clock.now().toISOString();
  const { object, walked, inner = [] } = from ?? {};
  return conclude(
    { ...known, ...walked, inner, ...(object ? { object } : {}), ...(obstacle ? { obstacle } : {}) },
    Expectation.parse(request.expectation),
    {
      archive: object ?? unseen({ ...request, known }, now),
      reads: from?.reads ?? { requests: 0, bytes: 0 },
      startedAt: from?.startedAt ?? now,
      finishedAt: now,
    },
  );
};

const conclude = (
  evidence: Evidence,
  expectation: Expectation,
  about: Pick<Verification, 'archive' | 'reads' | 'startedAt' | 'finishedAt'>,
): Verification => {
  const { contents, information } = evidence;
  return {
    version: 1,
    ...about,
    ...judgeArchive(evidence, expectation),
    ...(information?.state === 'read' ? { information: information.information } : {}),
    parts: contents?.parts ?? [],
    dumps: evidence.inner.flatMap(keepDump),
    ...describeRepositories(evidence, expectation),
    members: contents?.members ?? 0,
  };
};

/** What later archives are compared with. */
const keepDump = ({ name, size, tables, projects, elsewhere }: InnerEvidence): ArchiveDump[] =>
  isDump(name)
    ? [
        {
          name,
          size,
          ...(tables === undefined ? {} : { tables }),
          ...(projects && { projects }),
          ...(elsewhere && { elsewhere }),
        },
      ]
    : [];

/** Those that a restore would find; of an archive that was not read to its end nobody knows how many there are. */
const describeRepositories = (
  evidence: Evidence,
  expectation: Expectation,
): Pick<Verification, 'repositories'> => {
  const { contents, end, serverSideProjects } = evidence;
  if (isServerSide(evidence, expectation)) {
    return serverSideProjects === undefined
      ? {}
      : { repositories: { projects: serverSideProjects, where: 'gitaly' } };
  }
  const { projects = 0, bundles = 0 } = contents?.repositories ?? {};
  return end?.kind === 'whole' && bundles > 0 ? { repositories: { projects, where: 'archive' } } : {};
};

/** What stands in for the description of an object that nobody could describe: no bytes, seen just now. */
const unseen = ({ bucket, key }: VerifyRequest, now: string): ArchiveObject => ({
  bucket,
  key,
  etag: '',
  size: 0,
  lastModified: now,
});

type Reads = Verification['reads'];
const add = (a: Reads, b: Reads): Reads => ({ requests: a.requests + b.requests, bytes: a.bytes + b.bytes });
