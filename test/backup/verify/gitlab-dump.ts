import { DUMP_END, noise } from './gitlab-archive.ts';

/** Dumps of a GitLab's database as pg_dump writes them, as far as a backup is judged by their rows. */

export interface DumpedProject {
  readonly commits: number;
  readonly leaving?: boolean | undefined;
  /** As COPY writes it. */
  readonly description?: string | undefined;
}

/** The data of a table; a name without a schema is of `public`. */
export const dataOf = (
  table: string,
  columns: readonly string[],
  rows: readonly (readonly string[])[],
): string =>
  [
    `COPY ${table.includes('.') ? table : `public.${table}`} (${columns.join(', ')}) FROM stdin;\n`,
    ...rows.map((row) => `${row.join('\t')}\n`),
    '\\.\n\n\n',
  ].join('');

/** The trigger by which GitLab keeps a table from being written that lives in another database. */
export const lockOf = (table: string): string =>
  `CREATE TRIGGER gitlab_schema_write_trigger_for_${table} BEFORE INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.${table} FOR EACH STATEMENT EXECUTE FUNCTION public.gitlab_schema_prevent_write();\n`;

/** A whole dump with these projects, the tables in the order of pg_dump: by their names. */
export const gitlabDump = (projects: readonly DumpedProject[], locked: readonly string[] = []): string =>
  [
    '--\n-- PostgreSQL database dump\n--\n\n-- Dumped from database version 17.2\n\nSET statement_timeout = 0;\n',
    ...['issues', 'project_statistics', 'projects'].map(
      (table) => `\nCREATE TABLE public.${table} (\n    id bigint NOT NULL\n);\n\n`,
    ),
    // A dump that packs to less than any GitLab's is taken for an empty one.
    dataOf('labels', ['id', 'title'], [['1', noise(600)]]),
    dataOf(
      'issues',
      ['id', 'title'],
      projects.map(({ description = '' }, id) => [`${id}`, description]),
    ),
    dataOf(
      'project_statistics',
      ['id', 'project_id', 'commit_count', 'wiki_size'],
      projects.map(({ commits }, id) => [`${id}`, `${id}`, `${commits}`, '\\N']),
    ),
    dataOf(
      'projects',
      ['id', 'name', 'description', 'pending_delete', '"position"'],
      projects.map(({ leaving, description = '' }, id) => [
        `${id}`,
        `p${id}`,
        description,
        leaving ? 't' : 'f',
        '\\N',
      ]),
    ),
    ...locked.map(lockOf),
    `\n\n${DUMP_END}`,
  ].join('');
