import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { OBJECT_PARTS } from '../../../functions/backup/verify/parts.ts';

/** Archives as GitLab's toolbox writes them, small, for tests: real tar, real gzip. */

export const BACKUP_ID = '1763690405_2025_11_21_18.10.0-ee';
export const ARCHIVE_NAME = `${BACKUP_ID}_gitlab_backup.tar`;
const HASH = '6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b';

/** Names of the archive, without the `./` in front of each, and their content; `/` at the end is a folder. */
export type Files = Readonly<Record<string, Uint8Array | string>>;

/** Text that does not deflate, the same in each run. */
export const noise = (length: number, seed = 1): string => {
  let state = seed;
  let letters = '';
  while (letters.length < length) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    letters += state.toString(36);
  }
  return letters.slice(0, length);
};

export const DUMP_END = '--\n-- PostgreSQL database dump complete\n--\n\n';

/** A dump as pg_dump writes it. */
export const dumpText = (tables = 3, rows = 40): string =>
  [
    '--\n-- PostgreSQL database dump\n--\n\n-- Dumped from database version 17.2\n\nSET statement_timeout = 0;\n',
    ...Array.from(
      { length: tables },
      (_, table) =>
        `\nCREATE TABLE public.t${table} (\n    id bigint NOT NULL\n);\n\nCOPY public.t${table} (id, v) FROM stdin;\n${Array.from({ length: rows }, (_, row) => `${row}\t${noise(20, row + table + 1)}`).join('\n')}\n\\.\n`,
    ),
    `\n\n${DUMP_END}`,
  ].join('');

/** Packs files as a tar archive with its two blocks of zeros. */
export const packTar = async (files: Files | readonly (readonly [string, Uint8Array | string])[]) => {
  const archive = pack();
  const entries = Array.isArray(files) ? files : Object.entries(files);
  for (const [name, content] of entries) {
    if (name.endsWith('/')) archive.entry({ name: `./${name}`, type: 'directory' });
    else archive.entry({ name: `./${name}` }, Buffer.from(content));
  }
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive as AsyncIterable<Buffer>) chunks.push(chunk);
  return new Uint8Array(Buffer.concat(chunks));
};

/** The content of a bucket as `tar -I gzip` packs it. */
export const packBucket = async (files: Files = { 'a/1.png': noise(600) }): Promise<Uint8Array> =>
  gzipSync(await packTar(files));

export interface Told {
  readonly version?: string;
  readonly skipped?: readonly string[];
  readonly installationType?: string;
}

/** As `backup-utility` writes it: `builds` is never on its disk, so it always lists it. */
export const informationText = ({ version, skipped, installationType }: Told = {}): string =>
  [
    ':db_version: 20251014120000',
    ':backup_created_at: 2025-11-21 02:00:05 +0000',
    `:gitlab_version: ${version ?? '18.10.0-ee'}`,
    ':tar_version: tar (GNU tar) 1.35',
    `:installation_type: ${installationType ?? 'gitlab-helm-chart'}`,
    `:skipped: ${['builds', ...(skipped ?? [])].join(',')}`,
    '',
  ].join('\n');

/** Everything that a whole archive holds. */
export const gitlabFiles = async (told: Told = {}): Promise<Record<string, Uint8Array | string>> => {
  const manifests = `repositories/manifests/default/@hashed/6b/86/${HASH}.git`;
  const bucket = await packBucket();
  return {
    '/': '',
    'backup_information.yml': informationText(told),
    'db/': '',
    'db/database.sql.gz': gzipSync(dumpText()),
    'repositories/': '',
    [`${manifests}/${BACKUP_ID}.toml`]: 'empty = false\n',
    [`${manifests}/+latest.toml`]: 'empty = false\n',
    [`repositories/default/@hashed/6b/86/${HASH}.git/${BACKUP_ID}/001.bundle`]: noise(2_000),
    [`repositories/default/@hashed/6b/86/${HASH}.git/${BACKUP_ID}/001.refs`]: noise(80),
    ...Object.fromEntries(OBJECT_PARTS.map((part) => [`${part}.tar.gz`, bucket])),
  };
};

/** Without some of its files. */
export const without = (files: Files, ...names: readonly string[]): Files =>
  Object.fromEntries(
    Object.entries(files).filter(
      ([name]) => !names.some((gone) => name === gone || name.startsWith(`${gone}/`)),
    ),
  );
