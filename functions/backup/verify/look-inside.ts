import pMap from 'p-map';
import type { Clock } from '../../runtime/clock.ts';
import type { CountedSource } from '../archive/counted-source.ts';
import { type Contents, type InnerFile, isDump } from './contents.ts';
import type { Evidence, InformationEvidence } from './evidence.ts';
import type { Expectation } from './expectation.ts';
import { readInformationFile } from './information-reading.ts';
import type { InnerEvidence } from './inner-evidence.ts';
import { readInner } from './inner-reading.ts';
import { INFORMATION_FILE } from './parts.ts';
import type { OnProgress } from './progress.ts';

/** Looking into the files of an archive, once its headers are read. */

/** Small files looked into at once: a read of each is mostly waiting. */
const AT_ONCE = 8;

interface LookInside {
  readonly source: CountedSource;
  readonly expectation: Expectation;
  readonly clock: Pick<Clock, 'now'>;
  /** Looked into by an earlier run. */
  readonly seen: readonly InnerEvidence[];
  /** The dump that an earlier run began and had no time for. */
  readonly interrupted: string | undefined;
  readonly until: Date | undefined;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: OnProgress | undefined;
}

type Looked =
  | { readonly state: 'done'; readonly evidence: Pick<Evidence, 'information' | 'inner'> }
  | { readonly state: 'unfinished'; readonly inner: InnerEvidence[]; readonly interrupted?: string };

/** Looks into each file, the dumps last and one after the other: inflating takes the processor, not the network. */
export const lookInside = async (contents: Contents, look: LookInside): Promise<Looked> => {
  const { source, seen, until, clock, signal } = look;
  const isSeen = (file: InnerFile): boolean => seen.some(({ start }) => start === file.start);
  const rest = contents.inner.filter((file) => file.name !== INFORMATION_FILE && !isSeen(file));
  const limit = look.expectation.dumpReadLimit;
  const small = await pMap(
    rest.filter(({ name }) => !isDump(name)),
    (file) => readInner(source, file, { dumpReadLimit: limit, signal }),
    { concurrency: AT_ONCE },
  );
  const inner = [...seen, ...small];
  for (const file of rest.filter(({ name }) => isDump(name))) {
    if (until !== undefined && clock.now() >= until) return { state: 'unfinished', inner };
    const read = await readDumpInTime(file, look);
    if (read !== 'late') inner.push(read);
    // It had a whole run for itself: another one would end in the same way.
    else if (look.interrupted === file.name) inner.push({ ...file, state: 'not-read', detail: NO_TIME });
    else return { state: 'unfinished', inner, interrupted: file.name };
  }
  const information = await readLastInformation(contents, look);
  return { state: 'done', evidence: { inner, ...(information ? { information } : {}) } };
};

const NO_TIME = 'one run has not enough time for it';

const readDumpInTime = async (
  file: InnerFile,
  { source, expectation, until, clock, signal, onProgress }: LookInside,
): Promise<InnerEvidence | 'late'> => {
  const timer = new AbortController();
  const late = new DOMException('The time is over.', 'TimeoutError');
  let read = 0;
  const onAdvance = (bytes: number): void => {
    read += bytes;
    onProgress?.({ file: file.name, read, size: file.size });
    if (until !== undefined && clock.now() >= until && read < file.size) timer.abort(late);
  };
  const either = signal ? AbortSignal.any([signal, timer.signal]) : timer.signal;
  try {
    return await readInner(source, file, {
      dumpReadLimit: expectation.dumpReadLimit,
      signal: either,
      onAdvance,
    });
  } catch (error) {
    if (timer.signal.aborted && !signal?.aborted) return 'late';
    throw error;
  }
};

/** Of two with this name a restore takes the last, since tar writes it over the first. */
const readLastInformation = async (
  { inner }: Contents,
  { source, signal }: LookInside,
): Promise<InformationEvidence | undefined> => {
  const file = inner.findLast(({ name }) => name === INFORMATION_FILE);
  return file && readInformationFile(source, file, signal);
};
