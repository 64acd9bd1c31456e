import { glob, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import { KubernetesTable } from '../../../functions/upgrade/deprecations/api-row.ts';
import { foldTable, formatTable, type Release, type ReleasedType } from './fold-table.ts';
import { type GoModules, useGoModules } from './go-modules.ts';
import { readGroup, readLifecycles, readServing } from './lifecycle.ts';

/**
 * Writes `functions/upgrade/deprecations/kubernetes.json` from the sources of Kubernetes. Run it after each release:
 * node infra/local/deprecations/write-table.ts
 */

/** Where the types of the API lie. CustomResourceDefinition and APIService have modules of their own. */
const MODULES = ['k8s.io/api', 'k8s.io/apiextensions-apiserver', 'k8s.io/kube-aggregator'] as const;
/** The first minor whose module has the generated files. */
const FIRST_MINOR = 19;
const TABLE = new URL('../../../functions/upgrade/deprecations/kubernetes.json', import.meta.url);
const GENERATED = 'zz_generated.prerelease-lifecycle.go';

const readReleases = async (modules: GoModules, module: string): Promise<Release[]> => {
  const newest = newestOfEachMinor(await modules.listReleases(module));
  const releases: Release[] = [];
  for (const [minor, version] of newest) {
    const folder = await modules.download(module, version);
    const types = await readTypes(folder);
    console.log(`${module}@${version}: ${types.length} types`);
    releases.push({ module: `${module}@${version}`, minor: `1.${minor}`, types });
  }
  return releases;
};

/** `v0.37.2` is Kubernetes 1.37; go lists versions in their order, so the last of a minor is its newest. */
const newestOfEachMinor = (versions: readonly string[]): Map<number, string> =>
  new Map(
    versions.flatMap((version) => {
      const minor = Number(version.split('.')[1]);
      return version.startsWith('v0.') && minor >= FIRST_MINOR ? [[minor, version] as const] : [];
    }),
  );

const readTypes = async (folder: string): Promise<ReleasedType[]> => {
  const types: ReleasedType[] = [];
  for await (const path of glob(`**/${GENERATED}`, { cwd: folder })) {
    const inside = join(folder, dirname(path));
    const read = (name: string): Promise<string> => readFile(join(inside, name), 'utf8');
    const group = readGroup(await read('register.go'));
    if (group === undefined) throw new Error(`${path}: register.go names no group`);
    const serving = readServing(await read('types.go'));
    for (const [kind, lifecycle] of readLifecycles(await read(GENERATED))) {
      const served = serving.get(kind);
      types.push({
        group,
        version: basename(inside),
        kind,
        lifecycle,
        ...(served === undefined ? {} : { serving: served }),
      });
    }
  }
  return types;
};

const releases = await useGoModules(console.log, async (modules) => {
  const read: Release[] = [];
  for (const module of MODULES) read.push(...(await readReleases(modules, module)));
  return read;
});
const written = new Date().toISOString().slice(0, 10);
const table = KubernetesTable.parse({ ...foldTable(releases), written });
await writeFile(TABLE, formatTable(table));
console.log(`Wrote ${table.rows.length} rows of ${table.modules.length} modules`);
