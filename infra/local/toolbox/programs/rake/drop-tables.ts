import { askDatabase } from '../ask-database.ts';
import type { Surroundings } from '../surroundings.ts';

/** Tables with all that hangs on them, and the schemas of partitions. */
export const DROP_ALL = `
  do $$
  declare one record;
  begin
    for one in select schemaname, tablename from pg_tables where schemaname not in ('pg_catalog', 'information_schema') loop
      execute format('drop table if exists %I.%I cascade', one.schemaname, one.tablename);
    end loop;
  end $$;
  drop schema if exists gitlab_partitions_dynamic cascade;
  drop schema if exists gitlab_partitions_static cascade;
`;

/** Plays `gitlab:db:drop_tables`, as the role of GitLab: extensions and the database itself stay. */
export const dropTables = async (around: Surroundings): Promise<void> => {
  await around.step('drop-tables');
  await askDatabase(around, DROP_ALL);
};
