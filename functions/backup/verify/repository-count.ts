import * as z from 'zod';

/**
 * The Git repositories of an archive, counted by the names of the files that gitaly-backup writes.
 *
 * Source: Gitaly, `doc/gitaly-backup.md`, "Backup layout". Manifest layout (GitLab 16.6 and later):
 * `manifests/<storage>/<path>.git/<backup id>.toml` beside `+latest.toml`, and `<storage>/<path>.git/<backup id>/001.bundle`.
 * Pointer layout: `<path>/<backup id>/001.bundle`; before 15.0 `<path>.bundle`.
 */

/** Storages and backup ids that are told apart: an archive has few storages, and an id for each of its increments. */
export const MAX_MANIFEST_GROUPS = 40;

/** Manifests of one storage under one backup id. */
const ManifestCount = z.object({
  storage: z.string(),
  backupId: z.string(),
  count: z.int().nonnegative(),
});
type ManifestCount = z.output<typeof ManifestCount>;

export const RepositoryCount = z.object({
  /** Projects with a full bundle; of an empty repository none is written. */
  projects: z.int().nonnegative(),
  /** Wikis, designs, snippets and wikis of groups with a full bundle. */
  besides: z.int().nonnegative(),
  /** All bundles, those of increments included. */
  bundles: z.int().nonnegative(),
  /** Full bundles in a folder that is named by a backup id: a restore comes there by a manifest or a pointer only. */
  stepped: z.int().nonnegative().default(0),
  /** Pointers of the pointer layout, two of each repository. */
  pointers: z.int().nonnegative().default(0),
  /** Newest id first. */
  manifests: z.array(ManifestCount).max(MAX_MANIFEST_GROUPS),
});
export type RepositoryCount = z.output<typeof RepositoryCount>;

export const NO_REPOSITORIES: RepositoryCount = {
  projects: 0,
  besides: 0,
  bundles: 0,
  stepped: 0,
  pointers: 0,
  manifests: [],
};

const MANIFEST = /^repositories\/manifests\/([^/]{1,200})\/.+\/([^/]{1,200})\.toml$/;
const POINTER = /\/LATEST$/;
const STEPPED = /\/001\.bundle$/;
/** Those of later steps hold only what is new since the one before. */
const INCREMENT = /\/(?!001\.)\d{3,}\.bundle$/;
/** GitLab documentation, "Repository storage": paths of what is no project's own repository. */
const NO_PROJECT = /\.(wiki|design)[./]|\/@(snippets|groups)\//;

/** Is a repository, by its path on its storage, that of a project? Otherwise it is a wiki, a design, a snippet. */
export const isProjectPath = (path: string): boolean => !NO_PROJECT.test(`/${path}`);

/** Counts one file below `repositories/`. */
export const countRepositoryFile = (count: RepositoryCount, name: string): RepositoryCount => {
  const [, storage, backupId] = MANIFEST.exec(name) ?? [];
  if (storage !== undefined && backupId !== undefined) {
    // It repeats the newest of those with an id.
    if (backupId === '+latest') return count;
    return { ...count, manifests: addManifests(count.manifests, { storage, backupId, count: 1 }) };
  }
  if (POINTER.test(name)) return { ...count, pointers: count.pointers + 1 };
  if (!name.endsWith('.bundle')) return count;
  const bundles = count.bundles + 1;
  if (INCREMENT.test(name)) return { ...count, bundles };
  const stepped = count.stepped + (STEPPED.test(name) ? 1 : 0);
  return NO_PROJECT.test(name)
    ? { ...count, bundles, stepped, besides: count.besides + 1 }
    : { ...count, bundles, stepped, projects: count.projects + 1 };
};

/** Adds the counts of the next segment. */
export const mergeRepositories = (before: RepositoryCount, after: RepositoryCount): RepositoryCount => ({
  projects: before.projects + after.projects,
  besides: before.besides + after.besides,
  bundles: before.bundles + after.bundles,
  stepped: before.stepped + after.stepped,
  pointers: before.pointers + after.pointers,
  manifests: after.manifests.reduce(addManifests, before.manifests),
});

/** The newest ids first, since they begin with their time. Whatever segments they came in, the same ones are kept. */
const addManifests = (manifests: ManifestCount[], added: ManifestCount): ManifestCount[] => {
  const index = manifests.findIndex((each) => rank(each) === rank(added));
  const found = manifests[index];
  return found
    ? manifests.with(index, { ...found, count: found.count + added.count })
    : [...manifests, added].sort((a, b) => (rank(a) > rank(b) ? -1 : 1)).slice(0, MAX_MANIFEST_GROUPS);
};

const rank = ({ storage, backupId }: ManifestCount): string => `${backupId}/${storage}`;
