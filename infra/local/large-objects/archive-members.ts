import { createHash } from 'node:crypto';
import { makeBucketArchive } from './bucket-archive.ts';
import { type Content, makeText, openNoise, type Stamp } from './content.ts';
import { makeDump } from './database-dump.ts';
import { BLOCK, writeHeader } from './tar-header.ts';

/** What an archive is to be like. */
export interface ArchiveShape {
  /** Other bytes for each. */
  readonly seed: string;
  /** About so large, as a whole. */
  readonly bytes: number;
  /** Entries of the tar, directories included; at least 20. */
  readonly members: number;
  /** Of the database's dump, packed; a fiftieth of the whole otherwise. */
  readonly databaseBytes?: number | undefined;
  /** A dump that ends without pg_dump's last words. */
  readonly unfinishedDump?: boolean | undefined;
  /** Parts that `backup_information.yml` calls skipped, and that are not there: `uploads`. */
  readonly skipped?: readonly string[] | undefined;
  /** Parts that are not there, without a word. */
  readonly missing?: readonly string[] | undefined;
  /** Bundles hold blocks that look like headers, as an archive in an archive does. */
  readonly decoys?: boolean | undefined;
}

export interface PlannedMember {
  readonly name: string;
  readonly content: Content;
}

export const BACKUP_ID = '1795136400_2026_11_20_18.10.0-ee';
export const BACKUP_SECONDS = 1_795_136_400;

/** Buckets that the toolbox packs, with their share of the whole; what is left are repositories. */
const SHARES: Readonly<Record<string, number>> = {
  artifacts: 0.15,
  ci_secure_files: 0.001,
  external_diffs: 0.01,
  lfs: 0.1,
  packages: 0.05,
  pages: 0.01,
  registry: 0.25,
  terraform_state: 0.001,
  uploads: 0.05,
};
const DATABASE_SHARE = 0.02;
const BUNDLE_MAGIC = Buffer.from('# v2 git bundle\n');
/** What `decoys` puts into contents. */
const DECOY: Stamp = {
  block: writeHeader({ name: './decoy.txt', size: 3 * BLOCK, mtime: BACKUP_SECONDS }),
  stride: 128 * BLOCK,
};
/** Of each repository: its manifest, its bundle, its refs. The last one may be cut short, and then has no bundle. */
const FILES_OF_REPOSITORY = 3;

/** The members of an archive, in its order: half of the buckets before the repositories, what tells of it at the end. */
export const planMembers = (shape: ArchiveShape): { count: number; member(index: number): PlannedMember } => {
  const noise = openNoise(shape.seed, shape.decoys ? DECOY : undefined);
  const absent = new Set([...(shape.skipped ?? []), ...(shape.missing ?? [])]);
  const buckets = Object.entries(SHARES).flatMap(([part, share]): PlannedMember[] => {
    if (absent.has(part)) return [];
    const content = makeBucketArchive(`${shape.seed}/${part}`, shape.bytes * share, BACKUP_SECONDS);
    return [{ name: `./${part}.tar.gz`, content }];
  });
  const middle = Math.ceil(buckets.length / 2);
  const before = [folder('./'), ...buckets.slice(0, middle), ...planDatabase(shape, absent)];
  const after = [
    ...buckets.slice(middle),
    { name: './backup_information.yml', content: describeBackup(shape) },
  ];
  const files = absent.has('repositories')
    ? 0
    : Math.max(0, shape.members - before.length - after.length - 1);
  const sizeOf = shareOut(shape, files);
  if (files > 0) before.push(folder('./repositories/'));

  const planFile = (index: number): PlannedMember => {
    const repository = Math.floor(index / FILES_OF_REPOSITORY);
    const path = hashedPath(shape.seed, repository);
    const kind = index % FILES_OF_REPOSITORY;
    if (kind === 2) return { name: `./repositories/${path}/${BACKUP_ID}/001.refs`, content: listRefs(path) };
    if (kind === 0) {
      return {
        name: `./repositories/manifests/default/${path}.git/${BACKUP_ID}.toml`,
        content: describeSteps(path),
      };
    }
    return {
      name: `./repositories/${path}/${BACKUP_ID}/001.bundle`,
      content: noise(sizeOf(repository), repository * 104_729, BUNDLE_MAGIC),
    };
  };
  return {
    count: before.length + files + after.length,
    member: (index) =>
      before[index] ?? after[index - before.length - files] ?? planFile(index - before.length),
  };
};

const folder = (name: string): PlannedMember => ({ name, content: makeText('') });

const planDatabase = (shape: ArchiveShape, absent: ReadonlySet<string>): PlannedMember[] => {
  if (absent.has('db')) return [];
  const bytes = shape.databaseBytes ?? shape.bytes * DATABASE_SHARE;
  const content = makeDump(shape.seed, bytes, shape.unfinishedDump !== true);
  return [folder('./db/'), { name: './db/database.sql.gz', content }];
};

/** Sizes of bundles: many small ones and few large ones, all together what is left of the whole. */
const shareOut = (shape: ArchiveShape, files: number): ((repository: number) => number) => {
  const repositories = Math.ceil(files / FILES_OF_REPOSITORY);
  const weight = (repository: number): number => {
    // A multiplier of full period spreads neighbours over 0 to 1.
    const spread = ((repository * 2_654_435_761) % 2 ** 32) / 2 ** 32;
    return -Math.log(1 - spread * 0.999);
  };
  const parts = Object.values(SHARES).reduce((sum, share) => sum + share, DATABASE_SHARE);
  let total = 0;
  for (let repository = 0; repository < repositories; repository++) total += weight(repository);
  const left = shape.bytes * (1 - parts);
  return (repository) => BUNDLE_MAGIC.length + Math.floor((left * weight(repository)) / total);
};

/** GitLab documentation, "Repository storage": `@hashed/` and the SHA-256 of the project's id. */
const hashedPath = (seed: string, repository: number): string => {
  const hash = createHash('sha256').update(`${seed}/${repository}`).digest('hex');
  return `@hashed/${hash.slice(0, 2)}/${hash.slice(2, 4)}/${hash}`;
};

const listRefs = (path: string): Content =>
  makeText(`${path.slice(-40)} HEAD\n${path.slice(-40)} refs/heads/main\n`);

const describeSteps = (path: string): Content =>
  makeText(
    `object_format = 'sha1'\nhead_reference = 'refs/heads/main'\n\n[[steps]]\nbundle_path = '${path}/${BACKUP_ID}/` +
      `001.bundle'\nref_path = '${path}/${BACKUP_ID}/001.refs'\ncustom_hooks_path = ''\n`,
  );

const describeBackup = ({ skipped = [] }: ArchiveShape): Content =>
  makeText(`---
:db_version: '20261101000000'
:backup_created_at: 2026-11-20 01:00:09.123456789 Z
:gitlab_version: 18.10.0-ee
:tar_version: tar (GNU tar) 1.34
:installation_type: gitlab-helm-chart
:skipped: ${skipped.length === 0 ? "''" : skipped.join(',')}
:repositories_storages: ''
:repositories_paths: ''
:skip_repositories_paths: ''
:repositories_server_side: false
:full_backup_id: ''
`);
