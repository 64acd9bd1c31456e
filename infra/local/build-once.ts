import { randomUUID } from 'node:crypto';
import { access, link, mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { identifyProcess, isRunning, ProcessIdentity } from './process-identity.ts';
import type { Report } from './report.ts';

export interface BuildOnce {
  /** What is built, as a person says it: `the Python environment`. */
  readonly what: string;
  /** Where the result lies; its name carries a hash of everything the result depends on. */
  readonly folder: string;
  readonly report: Report;
  /** Fills the folder, which is empty. Whatever it throws leaves the folder unfinished. */
  readonly build: (folder: string) => Promise<void>;
}

/** Written last, so a folder without it was interrupted and is built again. */
const COMPLETE = '.complete';

const LOCK_POLL_MS = 250;

/**
 * Builds a cache folder the first time and finds it finished every time after.
 *
 * Two builders at once: the second waits for the first. A builder that died leaves a lock that names a process
 * which is no more; the next one takes it over and builds from the start. The folder is filled in place and
 * not renamed into place, because a Python environment holds its own path.
 *
 * @throws what `build` throws; the next call tries again.
 */
export const buildOnce = async ({ what, folder, report, build }: BuildOnce): Promise<{ built: boolean }> => {
  if (await isComplete(folder)) return { built: false };
  await mkdir(dirname(folder), { recursive: true });
  const release = await acquireLock(`${folder}.lock`, what, report);
  try {
    if (await isComplete(folder)) return { built: false };
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    await build(folder);
    await writeFile(join(folder, COMPLETE), '');
    return { built: true };
  } finally {
    await release();
  }
};

const isComplete = (folder: string): Promise<boolean> =>
  access(join(folder, COMPLETE)).then(
    () => true,
    () => false,
  );

const acquireLock = async (path: string, what: string, report: Report): Promise<() => Promise<void>> => {
  const own = await identifyProcess(process.pid);
  const content = JSON.stringify(own);
  let waitingFor: string | undefined;
  while (!(await createExclusively(path, content))) {
    const held = await readFile(path, 'utf8').catch(() => '');
    const holder = parseHolder(held);
    if (holder && (await isRunning(holder))) {
      if (waitingFor !== held)
        report(`${what}: another process (pid ${holder.pid}) builds it, waiting for that one`);
      waitingFor = held;
      await delay(LOCK_POLL_MS);
    } else {
      await removeStaleLock(path, held);
    }
  }
  return () => rm(path, { force: true });
};

/** Writes aside and links into place: a lock is never seen half-written, and link fails when one exists. */
const createExclusively = async (path: string, content: string): Promise<boolean> => {
  const aside = `${path}.${randomUUID()}`;
  const file = await open(aside, 'wx');
  await file.writeFile(content);
  await file.close();
  try {
    await link(aside, path);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(aside, { force: true });
  }
};

/**
 * Takes a dead builder's lock away. Between reading and removing, another may have done so and locked anew;
 * moving it aside first shows what was really taken, and a live lock is put back.
 */
const removeStaleLock = async (path: string, seen: string): Promise<void> => {
  const aside = `${path}.${randomUUID()}`;
  const moved = await rename(path, aside).then(
    () => true,
    () => false,
  );
  if (!moved) return;
  if ((await readFile(aside, 'utf8')) !== seen) await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
};

const parseHolder = (content: string): ProcessIdentity | undefined => {
  try {
    return ProcessIdentity.safeParse(JSON.parse(content)).data;
  } catch {
    return undefined;
  }
};
