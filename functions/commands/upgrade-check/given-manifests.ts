import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { isArchive, isManifest, unpackManifests } from '../../clients/manifest-archive.ts';
import type { ClusterFacts } from '../../records/upgrade/facts.ts';
import { RefusedError } from '../../runtime/errors.ts';
import type { FactSources } from '../../upgrade/reading/collection.ts';

/** Manifests from this machine: files, folders, archives, and the standard input. */

/** How the standard input is named, on the command line and in findings. */
const STDIN = '-';

export interface GivenManifests {
  readonly source: NonNullable<FactSources['manifests']>;
  /** Charts among them: their templates are no manifests yet. */
  readonly charts: readonly string[];
  readonly count: number;
}

/**
 * Finds every manifest below the paths that were given. Folders are searched whole, for .yaml, .yml, .json and
 * archives of them; a file is taken whatever its name. Templates of a chart are left out, since they are not rendered.
 *
 * @throws RefusedError `manifests.missing` when a path does not exist or a folder holds none.
 */
export const findManifests = async (
  paths: readonly string[],
  readStdin: () => Promise<string>,
): Promise<GivenManifests> => {
  const charts: string[] = [];
  const found = await Promise.all(paths.map((path) => search(path, charts)));
  const names = [...new Set(found.flat())];
  return {
    charts: charts.toSorted(),
    count: names.length,
    source: {
      list: async () => names,
      isFound: (name) => !paths.includes(name),
      read: async (name) => {
        if (name === STDIN) return [{ name: 'standard input', text: await readStdin() }];
        return unpackManifests(name, await readFile(name));
      },
    },
  };
};

const search = async (path: string, charts: string[]): Promise<string[]> => {
  if (path === STDIN) return [STDIN];
  const entry = await stat(path).catch(() => undefined);
  if (!entry)
    throw new RefusedError('manifests.missing', `There is no file or folder ${path} (--manifests).`);
  if (!entry.isDirectory()) return [path];
  const before = charts.length;
  const found = await searchFolder(path, charts);
  if (found.length === 0 && charts.length === before) {
    const message = `In ${path} there is no .yaml, .yml or .json, and no tar of them (--manifests).`;
    throw new RefusedError('manifests.missing', message);
  }
  return found;
};

const searchFolder = async (folder: string, charts: string[]): Promise<string[]> => {
  const entries = await readdir(folder, { withFileTypes: true });
  if (entries.some(({ name }) => name === 'Chart.yaml')) {
    charts.push(folder);
    return [];
  }
  const found = await Promise.all(
    entries
      .filter(({ name }) => name !== 'node_modules' && !name.startsWith('.'))
      .map(async (entry) => {
        const path = join(folder, entry.name);
        if (entry.isDirectory()) return searchFolder(path, charts);
        return entry.isFile() && (isManifest(path) || isArchive(basename(path))) ? [path] : [];
      }),
  );
  return found.flat().toSorted();
};

/** What was given and not judged: it counts as not checked, or a folder of charts alone would be a clean one. */
export const factsOfCharts = (charts: readonly string[]): ClusterFacts =>
  charts.length === 0
    ? {}
    : {
        manifests: {
          items: [],
          unread: charts.map((chart) => ({
            what: `chart ${chart}`,
            reason: 'its templates are no manifests before they are rendered',
            help: 'Render it with helm template, and give that; or give only the folder of what is rendered.',
          })),
        },
      };

/** How a chart is judged, as a line to copy. */
export const hintCharts = (charts: readonly string[]): string[] =>
  charts.map(
    (chart) =>
      `${chart} is a chart and was not judged; render it: helm template ${chart} | npm run upgrade-check -- --manifests -`,
  );
