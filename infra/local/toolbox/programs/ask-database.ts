import { Client } from 'pg';
import type { Surroundings } from './surroundings.ts';

type Row = Readonly<Record<string, unknown>>;

/** Asks the database of GitLab under GitLab's own role. */
export const askDatabase = async (around: Surroundings, sql: string): Promise<readonly Row[]> => {
  const client = new Client(await around.database());
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
};
