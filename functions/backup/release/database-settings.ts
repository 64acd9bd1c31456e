import type { ReadRelease } from '../../records/backup/release-facts.ts';
import { type ChartValues, textOf } from '../values/chart-values.ts';
import { memberOf } from '../values/value-tree.ts';

/** Source: GitLab chart 9 and 10, templates/_psql.tpl, `gitlab.psql.database`. */
const DEFAULT_DATABASE = 'gitlabhq_production';

/** A host name or address, and the name of a database: whatever else stands there may be a secret in a wrong place. */
const HOST = /^[A-Za-z0-9]([A-Za-z0-9.:-]{0,251}[A-Za-z0-9])?$/;
const DATABASE = /^[A-Za-z_][\w$-]{0,62}$/;

type Database = ReadRelease['databases'][number];

/**
 * The databases of which the tool makes a dump each: `main`, and `ci` and `sec` when they are not the same one. The
 * chart lets each of the three override what stands for all of them, and shares one where nothing differs.
 *
 * Source: GitLab documentation, charts, "Configure charts using globals", "Configuring multiple databases".
 */
export const readDatabases = (values: ChartValues): ReadRelease['databases'] => {
  const main = readOne(values, 'main');
  const others = (['ci', 'sec'] as const)
    .filter((name) => isConfigured(values, name))
    .map((name) => readOne(values, name))
    .filter((one) => placeOf(one) !== placeOf(main));
  return [main, ...others].map(({ name, host, database }) => ({
    name,
    ...(host === undefined ? {} : { host }),
    ...(database === undefined ? {} : { database }),
  }));
};

type Placed = { readonly [Key in keyof Database]: Database[Key] | undefined } & {
  readonly name: Database['name'];
  readonly port: string | undefined;
};

const readOne = (values: ChartValues, name: Database['name']): Placed => {
  const setting = (key: string, shape: RegExp): string | undefined => {
    const own = textOf(memberOf(values.map(`global.psql.${name}`), key));
    const text = own ?? values.text(`global.psql.${key}`);
    return text !== undefined && shape.test(text) ? text : undefined;
  };
  return {
    name,
    host: setting('host', HOST),
    port: setting('port', /^\d{1,5}$/),
    database: setting('database', DATABASE) ?? DEFAULT_DATABASE,
  };
};

const isConfigured = (values: ChartValues, name: string): boolean => {
  const given = values.map(`global.psql.${name}`);
  return Object.keys(given).length > 0 && memberOf(given, 'enabled') !== false;
};

const placeOf = ({ host, port, database }: Placed): string => JSON.stringify([host, port, database]);
