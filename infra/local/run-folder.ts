import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import * as z from 'zod';

import type { Report } from './report.ts';
import { endStaleChildren, recordChild } from './stale-children.ts';
import { RELEASE_FOLDER } from './world/gitlab-release.ts';
import type { World } from './world/start-world.ts';

/** What other commands need to find a running local world by its folder. */
const RunningWorld = z.object({
  registry: z.object({
    host: z.string(),
    url: z.string(),
    credentials: z.object({ username: z.string(), password: z.string() }).optional(),
  }),
});
export type RunningWorld = z.output<typeof RunningWorld>;

/** Parts that record their processes below the run's folder, and the run itself. */
const PARTS = ['aws', 'cluster', 'registry', `${RELEASE_FOLDER}/postgresql`];
const RUNNING = 'running.json';
const ENVIRONMENT = 'environment';
/** Tells a folder of ours, which may be emptied, from any other. */
const MARKER = 'made-by-drydock';

/**
 * Takes a folder for this run: ends what a killed run left, and removes what it wrote, since the local AWS and the
 * cluster start empty and images of an earlier run would be deployed by the next sweep.
 *
 * @returns gives the folder back.
 * @throws Error naming the run that is at work in it, or when it holds what is not ours.
 */
export const takeRunFolder = async (folder: string, report: Report): Promise<() => Promise<void>> => {
  const found = await readdir(folder).catch((): string[] => []);
  if (found.length > 0 && !found.includes(MARKER)) {
    throw new Error(
      `${folder} holds other files, which a run would remove. Give an empty or a new --folder.`,
    );
  }
  await endStaleChildren(folder, report);
  for (const part of PARTS) await endStaleChildren(join(folder, part), report);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, MARKER), 'The next `npm start` empties this folder.\n');
  // Node asks the nearest package.json how to read a .js file; without one here, that would be the checkout's.
  await writeFile(join(folder, 'package.json'), '{ "private": true }\n');
  const forget = await recordChild(folder, 'npm start', process.pid);
  return async () => {
    await rm(join(folder, RUNNING), { force: true });
    await forget();
  };
};

/** Writes down where the parts are: `environment` for a shell, the rest for our own commands. */
export const describeRun = async (world: World): Promise<{ environmentFile: string }> => {
  const { folder, aws, cluster, registry } = world;
  const environmentFile = join(folder, ENVIRONMENT);
  const variables = { ...aws.environment(), KUBECONFIG: cluster.kubeconfig };
  const lines = Object.entries(variables).map(([name, value]) => `export ${name}='${value}'\n`);
  await writeFile(environmentFile, lines.join(''), { mode: 0o600 });
  const { host, url, credentials } = registry;
  const running: RunningWorld = { registry: { host, url, credentials } };
  await writeFile(join(folder, RUNNING), JSON.stringify(running), { mode: 0o600 });
  return { environmentFile };
};

/** Finds the world that runs in a folder; undefined when none does. */
export const findRunningWorld = async (folder: string): Promise<RunningWorld | undefined> => {
  const text = await readFile(join(folder, RUNNING), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : RunningWorld.parse(JSON.parse(text));
};
