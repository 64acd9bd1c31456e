import { readFile } from 'node:fs/promises';
import type { DatabaseLogin, LocalPostgresql } from '../../postgresql/start-postgresql.ts';
import type { TableRows } from './rows.ts';

/** Database and role as GitLab's documentation and the chart's defaults name them. */
const DATABASE = 'gitlabhq_production';
const ROLE = 'gitlab';

/** Made by the master user, as on RDS. Source: GitLab documentation, "PostgreSQL extensions". */
const EXTENSIONS = ['pg_trgm', 'btree_gist', 'amcheck'];

/**
 * Makes the database of a GitLab as an installation makes it: a role that may sign in and owns the database, the
 * extensions of the master user, the schema of `schema.sql`.
 */
export const makeDatabase = async (postgresql: LocalPostgresql, password: string): Promise<DatabaseLogin> => {
  const { master } = postgresql;
  const query: LocalPostgresql['query'] = (...asked) => postgresql.query(...asked);
  const login = { user: ROLE, password, database: DATABASE };
  // The password is ours and hexadecimal: a role can not be made with a placeholder.
  await query(`create role ${ROLE} with login password '${password}'`);
  await query(`create database ${DATABASE} owner ${ROLE}`);
  const asMaster = { ...master, database: DATABASE };
  await query(EXTENSIONS.map((name) => `create extension ${name};`).join('\n'), [], asMaster);
  await query(await readFile(new URL('./schema.sql', import.meta.url), 'utf8'), [], login);
  return login;
};

/** The same, filled with these rows, and with sequences that go on behind them. */
export const seedDatabase = async (
  postgresql: LocalPostgresql,
  password: string,
  rows: TableRows,
): Promise<DatabaseLogin> => {
  const login = await makeDatabase(postgresql, password);
  for (const [table, inTable] of rows) {
    const columns = Object.keys(inTable[0] ?? {}).join(', ');
    await postgresql.query(
      `insert into ${table} (${columns}) select ${columns} from json_populate_recordset(null::${table}, $1)`,
      [JSON.stringify(inTable)],
      login,
    );
  }
  await postgresql.query(AFTER_ROWS, [], login);
  return login;
};

/** What an application would have brought forward itself. */
const AFTER_ROWS = `
  select setval(pg_get_serial_sequence(tables.name, 'id'), 1000)
  from unnest(array['namespaces', 'users', 'projects', 'issues', 'ci_variables', 'uploads', 'lfs_objects']) as tables(name)
`;
