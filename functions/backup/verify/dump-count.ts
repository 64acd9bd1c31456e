import type { ProjectCount } from '../../records/backup/verification.ts';
import { readCopyData, type WantedTable } from './copy-data.ts';

/**
 * What the dump of the main database tells of the rest of a backup: how many projects have a repository, and which other
 * databases there are.
 *
 * Sources: GitLab Rails, `Backup::Targets::Repositories` (every row of `projects` is handed to Gitaly, those that are being
 * deleted too), `ProjectStatistics#update_commit_count` (commits of the default branch: none without a repository, or of
 * an empty one), `Gitlab::Database::LockWritesManager` (a table that lives in another database is locked by a trigger).
 */

/** The dump that is counted: in those of other databases the tables of projects lie as they were before they moved. */
export const MAIN_DUMP = 'db/database.sql.gz';

const LOCK = /^CREATE TRIGGER gitlab_schema_write_trigger_for_(\w+) /;
/**
 * Databases beside the main one, by tables that only they are written to: GitLab, `db/docs`, tables of `gitlab_ci` and
 * `gitlab_sec`. PostgreSQL cuts the name of the trigger, and not its begin.
 */
const HOMES: readonly (readonly [RegExp, string])[] = [
  [/^(p_)?ci_(builds|pipelines|stages|runners)\b/, 'ci'],
  [/^(vulnerability_occurrences|security_scans|sbom_occurrences)\b/, 'sec'],
];

/** `CREATE TABLE` stands in no data: what begins there is a statement. */
const TABLE = 'CREATE TABLE ';

interface DumpCount {
  add(chunk: Uint8Array): void;
  readonly tables: number;
  /** Undefined unless both tables were seen to their end, once each, with every value that counts. */
  readonly projects: ProjectCount | undefined;
  /** Databases that hold tables of which this dump has the empty hull: `ci`, `sec`. */
  readonly elsewhere: string[];
}

/** Starts counting in the dump of a database; what it tells of projects and other databases holds for the main one. */
export const countDump = (): DumpCount => {
  const elsewhere = new Set<string>();
  let created = 0;
  const projects = countRows('pending_delete', (value) => value === 't');
  const statistics = countRows('commit_count', (value) => /^[1-9]\d*$/.test(value));
  const tables: Readonly<Record<string, TableCount>> = { projects, project_statistics: statistics };
  const add = readCopyData({
    wants: (table, columns) => (Object.hasOwn(tables, table) ? tables[table]?.begin(columns) : undefined),
    onLine: (line) => {
      if (line.startsWith(TABLE)) created += 1;
      const [, table] = LOCK.exec(line) ?? [];
      if (table === undefined) return;
      for (const [pattern, database] of HOMES) if (pattern.test(table)) elsewhere.add(database);
    },
  });
  return {
    add,
    get tables() {
      return created;
    },
    get projects() {
      const all = projects.result();
      const committed = statistics.result();
      return all && committed
        ? { all: all.rows, leaving: all.chosen, withCommits: committed.chosen }
        : undefined;
    },
    get elsewhere() {
      return [...elsewhere].sort();
    },
  };
};

interface TableCount {
  /** Undefined where it has not the column: of its rows nothing can be told. */
  readonly begin: (columns: readonly string[]) => WantedTable | undefined;
  readonly result: () => { readonly rows: number; readonly chosen: number } | undefined;
}

/** Counts the rows of a table, and those whose value in one column is chosen. */
const countRows = (column: string, isChosen: (value: string) => boolean): TableCount => {
  let begins = 0;
  let ends = 0;
  let rows = 0;
  let chosen = 0;
  let unread = 0;
  return {
    begin: (columns) => {
      begins += 1;
      if (!columns.includes(column)) return undefined;
      return {
        columns: [column],
        onRow: ([value]) => {
          rows += 1;
          if (value === undefined) unread += 1;
          else if (isChosen(value)) chosen += 1;
        },
        onEnd: () => {
          ends += 1;
        },
      };
    },
    // A table of that name in two schemas would be counted twice.
    result: () => (begins === 1 && ends === 1 && unread === 0 ? { rows, chosen } : undefined),
  };
};

/**
 * Projects whose repository must be in the backup: with commits, and not being deleted. Those being deleted may be among
 * those with commits or not, so this is never too many.
 */
export const leastRepositories = ({ withCommits, leaving }: ProjectCount): number =>
  Math.max(0, withCommits - leaving);
