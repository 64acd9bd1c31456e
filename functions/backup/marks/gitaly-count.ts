/**
 * Repositories that Gitaly backed up by itself, counted by the names of their manifests.
 *
 * Source: Gitaly, `doc/gitaly-backup.md`, "Backup layout" and "Server-side backups": in the bucket lies
 * `manifests/<storage>/<path>.git/<backup id>.toml` beside `+latest.toml`, and the bundles under `<storage>/`.
 */

/** Under it lie the manifests of all storages and all backups. */
export const MANIFEST_PREFIX = 'manifests/';

interface ManifestTally {
  /** Projects; of an empty repository there may be a manifest too. */
  readonly projects: number;
  /** Wikis, designs, snippets and wikis of groups. */
  readonly besides: number;
}

/** GitLab documentation, "Repository storage": paths of what is no project's own repository. */
const NO_PROJECT = /\.(wiki|design)\.git$|^@(snippets|groups)\//;

/** Counts those of a page that belong to one backup. */
export const tallyManifests = (before: ManifestTally, keys: readonly string[], id: string): ManifestTally => {
  const end = `/${id}.toml`;
  let { projects, besides } = before;
  for (const key of keys) {
    if (!key.startsWith(MANIFEST_PREFIX) || !key.endsWith(end)) continue;
    const [, path] = /^[^/]+\/(.+)$/.exec(key.slice(MANIFEST_PREFIX.length, -end.length)) ?? [];
    if (path === undefined) continue;
    if (NO_PROJECT.test(path)) besides += 1;
    else projects += 1;
  }
  return { projects, besides };
};
