import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import * as z from 'zod';

import { identifyProcess, isRunning, ProcessIdentity } from './process-identity.ts';
import type { Report } from './report.ts';

const ChildRecord = z.object({ name: z.string(), child: ProcessIdentity, parent: ProcessIdentity });
type ChildRecord = z.infer<typeof ChildRecord>;

/** What a process of an earlier run gets between SIGTERM and SIGKILL. */
const GRACE_MS = 3_000;

/** Notes a running child in `<folder>/processes`, so that a later run can tell what an earlier one left. */
export const recordChild = async (
  folder: string,
  name: string,
  pid: number,
): Promise<() => Promise<void>> => {
  const [child, parent] = await Promise.all([identifyProcess(pid), identifyProcess(process.pid)]);
  const path = join(folder, 'processes', `${name}.json`);
  if (!child || !parent) return async () => undefined;
  await mkdir(join(folder, 'processes'), { recursive: true });
  await writeFile(path, JSON.stringify({ name, child, parent } satisfies ChildRecord));
  return () => rm(path, { force: true });
};

/**
 * Ends what an earlier run left behind in this folder. A process is only ended when both its pid and its start
 * time are the recorded ones, never by name.
 *
 * @throws Error when the run that started it is still alive: two runs cannot share a folder.
 */
export const endStaleChildren = async (folder: string, report: Report): Promise<void> => {
  const names = await readdir(join(folder, 'processes')).catch(() => []);
  await Promise.all(names.map((name) => endStaleChild(join(folder, 'processes', name), folder, report)));
};

const endStaleChild = async (path: string, folder: string, report: Report): Promise<void> => {
  const record = parseRecord(await readFile(path, 'utf8').catch(() => ''));
  if (record && (await isRunning(record.child))) {
    if (record.parent.pid !== process.pid && (await isRunning(record.parent))) {
      throw new Error(
        `${folder} is in use: ${record.name} (pid ${record.child.pid}) runs there for pid ${record.parent.pid}. ` +
          'Stop that one, or choose another folder.',
      );
    }
    report(`${record.name}: ending pid ${record.child.pid}, left behind by an earlier run`);
    await endGroup(record.child);
  }
  await rm(path, { force: true });
};

const endGroup = async (child: ProcessIdentity): Promise<void> => {
  process.kill(-child.pid, 'SIGTERM');
  const deadline = performance.now() + GRACE_MS;
  while (performance.now() < deadline && (await isRunning(child))) await delay(50);
  if (await isRunning(child)) process.kill(-child.pid, 'SIGKILL');
};

const parseRecord = (content: string): ChildRecord | undefined => {
  try {
    return ChildRecord.safeParse(JSON.parse(content)).data;
  } catch {
    return undefined;
  }
};
