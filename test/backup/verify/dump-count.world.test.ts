import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readDump } from '../../../functions/backup/verify/dump-reading.ts';
import type { DatabaseLogin, LocalPostgresql } from '../../../infra/local/postgresql/start-postgresql.ts';
import { startPostgresql } from '../../../infra/local/postgresql/start-postgresql.ts';
import { memorySource } from '../archive/member-folds.ts';

/** Counting in what the real pg_dump writes, as GitLab calls it. */

const TABLES = `
  create table projects (id bigserial primary key, name text, pending_delete boolean default false, "position" int);
  create table project_statistics (id bigserial primary key, project_id bigint references projects (id), commit_count bigint not null default 0);
  create table ci_builds (id bigserial primary key, name text);
  create table notes (note text);
  insert into notes values (E'COPY public.projects (id) FROM stdin;'), (E'\\\\.'), (E'a\\nb\\tc\\\\');
  insert into projects (name, pending_delete) select E'p\\n\\\\.\\n' || n, n % 10 = 0 from generate_series(1, 500) n;
  insert into project_statistics (project_id, commit_count) select id, case when id % 5 = 1 then 0 else id end from projects;
`;
const LOCK = `
  create function gitlab_schema_prevent_write() returns trigger language plpgsql as $$ begin return null; end $$;
  create trigger gitlab_schema_write_trigger_for_ci_builds before insert or update or delete or truncate
    on ci_builds for each statement execute function gitlab_schema_prevent_write();
`;

let folder: string;
let postgresql: LocalPostgresql;
let login: DatabaseLogin;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drydock-dump-count-'));
  postgresql = await startPostgresql({ folder: join(folder, 'postgresql'), report: () => undefined });
  await postgresql.query('create database gitlabhq_production');
  login = { ...postgresql.master, database: 'gitlabhq_production' };
  await postgresql.query(TABLES, [], login);
});
afterAll(async () => {
  await postgresql?.stop();
  await rm(folder, { recursive: true, force: true });
});

const readReal = async (...args: readonly string[]) => {
  const place = ['--host', postgresql.host, '--port', `${postgresql.port}`, '--username', login.user];
  const { stdout } = await promisify(execFile)(
    postgresql.program('pg_dump'),
    ['--clean', '--if-exists', ...args, ...place, login.database],
    { env: { ...process.env, PGPASSWORD: login.password }, maxBuffer: 100e6, encoding: 'buffer' },
  );
  const packed = gzipSync(stdout);
  return readDump(
    memorySource(packed),
    { name: 'db/database.sql.gz', start: 0, size: packed.length },
    'gzip',
  );
};

describe('a dump of the real pg_dump', () => {
  it.each([
    ['whole', []],
    ['of a schema that was named', ['--schema=public']],
  ])('%s tells how many projects there are', async (_, args) => {
    expect(await readReal(...args)).toMatchObject({
      state: 'complete',
      projects: { all: 500, leaving: 50, withCommits: 400 },
      elsewhere: [],
    });
  });

  it('tells of no project when it was written as statements, and is whole all the same', async () => {
    const read = await readReal('--inserts');
    expect(read).toMatchObject({ state: 'complete', elsewhere: [] });
    expect(read).not.toHaveProperty('projects');
  });

  it('leads to the database for which its tables are locked', async () => {
    await postgresql.query(LOCK, [], login);
    expect(await readReal()).toMatchObject({ state: 'complete', elsewhere: ['ci'] });
  });
});
