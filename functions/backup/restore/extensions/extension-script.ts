import { quoteArgument } from '../../job/shell-quoting.ts';

/** What is asked of a database before a restore drops its extensions and makes them anew. */

/** Source: GitLab documentation, "PostgreSQL requirements", "Extensions". */
export const NEEDED_EXTENSIONS = ['pg_trgm', 'btree_gist', 'amcheck'] as const;

/** Their views can not be dropped with the tables. Source: gitlab-org/gitlab#351071. */
export const EXTENSIONS_IN_THE_WAY = ['pg_stat_statements', 'pg_buffercache'] as const;

/** Milliseconds: it asks catalogues of some hundred rows. */
const TIMEOUT_MS = 20_000;

/** Has the role that asks what this other role may, where there is such a one? */
const isMember = (role: string): string =>
  `exists (select from pg_roles where rolname = '${role}' and pg_has_role(current_user, oid, 'MEMBER'))`;

/**
 * One line of JSON: of each extension whether it is there, whether the role that restores may drop it, and whether it
 * may make it. No word of it holds a double quote, so that it is a string of Ruby as it stands.
 *
 * Sources: PostgreSQL documentation, "CREATE EXTENSION" (a trusted one takes the right CREATE on the database, any other
 * a superuser), "DROP EXTENSION" (its owner), "pg_available_extension_versions"; Amazon RDS User Guide, "Using Amazon RDS
 * delegated extension support for PostgreSQL".
 */
export const EXTENSION_QUERY = [
  'with able as (select',
  `(select rolsuper from pg_roles where rolname = current_user) or ${isMember('rds_superuser')} as everything,`,
  `${isMember('rds_extension')} as delegated,`,
  `string_to_array(replace(coalesce(current_setting('rds.allowed_delegated_extensions', true), ''), ' ', ''), ',') as allowed,`,
  `has_database_privilege(current_database(), 'CREATE') as making)`,
  `select jsonb_build_object('drydock', 'extensions', 'database', current_database(), 'role', current_user, 'extensions',`,
  `jsonb_agg(jsonb_build_object('name', wanted.name, 'isThere', there.oid is not null,`,
  `'mayDrop', coalesce(pg_has_role(current_user, there.extowner, 'USAGE'), false),`,
  `'mayMake', version.name is not null and (able.everything or (able.delegated and wanted.name = any(able.allowed))`,
  'or (able.making and (version.trusted or not version.superuser))))))::text',
  `from able cross join unnest(array[${[...NEEDED_EXTENSIONS, ...EXTENSIONS_IN_THE_WAY].map((name) => `'${name}'`).join(', ')}]) as wanted(name)`,
  'left join pg_extension there on there.extname = wanted.name',
  'left join pg_available_extensions available on available.name = wanted.name',
  'left join pg_available_extension_versions version on version.name = wanted.name and version.version = available.default_version',
].join(' ');

/**
 * Asks each database that a decomposed GitLab has, as GitLab itself: under the role under which a restore works. Nothing
 * can be written by it.
 *
 * Source: GitLab, lib/gitlab/database.rb (`database_base_models`).
 */
export const EXTENSIONS_SCRIPT = `gitlab-rails runner ${quoteArgument(
  [
    'Gitlab::Database.database_base_models.each do |name, model|',
    'model.connection.execute("SET default_transaction_read_only = on");',
    `model.connection.execute("SET statement_timeout = ${TIMEOUT_MS}");`,
    `puts model.connection.select_value("${EXTENSION_QUERY}") end`,
  ].join(' '),
)}`;
