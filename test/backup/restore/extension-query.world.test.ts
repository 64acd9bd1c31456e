import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { readExtensionReport } from '../../../functions/backup/restore/extensions/extension-report.ts';
import {
  EXTENSION_QUERY,
  EXTENSIONS_IN_THE_WAY,
  NEEDED_EXTENSIONS,
} from '../../../functions/backup/restore/extensions/extension-script.ts';
import {
  type DatabaseLogin,
  type LocalPostgresql,
  startPostgresql,
} from '../../../infra/local/postgresql/start-postgresql.ts';

/** What a database foretells of its extensions, held against what it then really does. */

const NAMES = [...NEEDED_EXTENSIONS, ...EXTENSIONS_IN_THE_WAY];
/** Who made what, as on RDS: the master user most of it, and somebody else one. */
const MADE = { master: ['pg_trgm', 'amcheck', 'pg_buffercache'], owner: ['btree_gist'] };

let postgresql: LocalPostgresql;
const loginOf = (user: string, database: string): DatabaseLogin =>
  user === 'master' ? { ...postgresql.master, database } : { user, password: 'x', database };
const ask = (sql: string, user = 'master', database = 'postgres') =>
  postgresql.query(sql, [], loginOf(user, database));

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'drydock-extensions-'));
  postgresql = await startPostgresql({ folder, report: () => undefined });
  for (const role of ['owner', 'stranger', 'member'])
    await ask(`create role ${role} with login password 'x'`);
  await ask('grant owner to member');
  for (const database of ['filled', 'bare']) await ask(`create database ${database} owner owner`);
  for (const [who, names] of Object.entries(MADE)) {
    for (const name of names) await ask(`create extension ${name}`, who, 'filled');
  }
});
afterAll(() => postgresql?.stop());

const foretell = async (user: string, database: string) => {
  const [row = {}] = await ask(EXTENSION_QUERY, user, database);
  const [found] = readExtensionReport(String(Object.values(row)[0]));
  return new Map(found?.extensions.map((one) => [one.name, one]));
};

/** Whether it is let do it; nothing of it stays. */
const isLet = async (command: string, user: string, database: string): Promise<boolean> => {
  try {
    await ask(`begin; ${command}; rollback`, user, database);
    return true;
  } catch (error) {
    expect(String(error)).toMatch(/must be owner of extension|permission denied to create extension/);
    return false;
  }
};

describe.each(['master', 'owner', 'member', 'stranger'])('as %s', (user) => {
  it('says which extensions are there', async () => {
    const there = [...(await foretell(user, 'filled')).values()].filter(({ isThere }) => isThere);
    expect(there.map(({ name }) => name).toSorted()).toEqual([...MADE.master, ...MADE.owner].toSorted());
  });

  test.each([...MADE.master, ...MADE.owner])('foretells whether it may drop %s', async (name) => {
    const { mayDrop } = (await foretell(user, 'filled')).get(name) ?? {};
    expect(mayDrop).toBe(await isLet(`drop extension ${name}`, user, 'filled'));
  });

  test.each(NAMES)('foretells whether it may make %s', async (name) => {
    const { mayMake, isThere } = (await foretell(user, 'bare')).get(name) ?? {};
    expect([isThere, mayMake]).toEqual([false, await isLet(`create extension ${name}`, user, 'bare')]);
  });
});

it('knows the roles of RDS by their names', async () => {
  await ask('create role rds_superuser');
  await ask("create role chosen with login password 'x'");
  const amcheck = async () => (await foretell('chosen', 'bare')).get('amcheck')?.mayMake;
  expect(await amcheck()).toBe(false);
  await ask('grant rds_superuser to chosen');
  expect(await amcheck()).toBe(true);
  await ask('revoke rds_superuser from chosen');
  await ask('create role rds_extension');
  await ask('grant rds_extension to chosen');
  expect(await amcheck()).toBe(false);
  await ask("alter database bare set rds.allowed_delegated_extensions = 'pg_trgm, amcheck'");
  expect(await amcheck()).toBe(true);
});
