import { type PreflightVerdict, pass, refuse, warn } from '../../../preflight/preflight-rule.ts';
import type { DatabaseExtensions } from '../../extensions/extension-report.ts';
import { EXTENSIONS_IN_THE_WAY, NEEDED_EXTENSIONS } from '../../extensions/extension-script.ts';
import { defineRestoreRule } from '../restore-rule.ts';

type Extension = DatabaseExtensions['extensions'][number];

/** GitLab asks for it since 18.4. Source: GitLab documentation, "PostgreSQL requirements", "Extensions". */
const SINCE: Readonly<Record<string, readonly [major: number, minor: number]>> = { amcheck: [18, 4] };

/**
 * The dump drops each extension and makes it anew, as far as there is none by then. What its role may not drop stays, with a
 * line of noise in the log. What it may drop and not make is gone, and with it every table and index that needs it; the
 * restore goes on.
 *
 * Sources: PostgreSQL documentation, "pg_dump", `--clean`, `--if-exists`; GitLab, lib/backup/targets/database.rb.
 */
export const extensions = defineRestoreRule({
  code: 'extensions',
  title: 'The database has the extensions of GitLab behind the restore',
  ifUnknown: 'go-on',
  mayOverride: true,
  fact: ({ extensions: found, set }) => (hasDatabase(set) ? found : { known: true, value: [] }),
  learn: 'Look with psql: \\dx. The role of GitLab can make amcheck on no RDS.',
  judge: (databases, { set }) => {
    if (databases.length === 0) return [pass('No database is read from a dump.')];
    const needed = NEEDED_EXTENSIONS.filter((name) => isOf(set.gitlabVersion, name));
    const all = databases.flatMap((one) => judgeDatabase(one, needed));
    const names = databases.map(({ database }) => database).join(', ');
    return all.length > 0 ? all : [pass(`${names} has ${needed.join(', ')} behind the restore as well.`)];
  },
});

const hasDatabase = ({
  kind,
  skip,
}: {
  readonly kind: 'tar' | 'native';
  readonly skip: readonly string[];
}): boolean => kind === 'tar' && !skip.includes('db');

const isOf = (version: string, name: string): boolean => {
  const since = SINCE[name];
  const [major = 0, minor = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  return since === undefined || major > since[0] || (major === since[0] && minor >= since[1]);
};

/** Its modules are for superusers alone: nobody else gets the right to make it. */
const UNTRUSTED = 'amcheck';

const remedyLost = (name: string, database: string, role: string): string =>
  name === UNTRUSTED
    ? `DROP EXTENSION ${name}; CREATE EXTENSION ${name};`
    : `GRANT CREATE ON DATABASE ${database} TO ${role}; (for ${name})`;

const judgeDatabase = (
  { database, role, extensions: found }: DatabaseExtensions,
  needed: readonly string[],
): PreflightVerdict[] => {
  const seen = (names: readonly string[]): Extension[] => found.filter(({ name }) => names.includes(name));
  const unmakeable = seen(needed).filter(({ mayMake }) => !mayMake);
  const missing = unmakeable.filter(({ isThere }) => !isThere).map(({ name }) => name);
  const lost = unmakeable.filter(({ isThere, mayDrop }) => isThere && mayDrop).map(({ name }) => name);
  const surplus = seen(EXTENSIONS_IN_THE_WAY)
    .filter(({ isThere }) => isThere)
    .map(({ name }) => name);
  const each = (command: string, names: readonly string[]): string =>
    names.map((name) => `${command} EXTENSION ${name};`).join(' ');
  return [
    ...(missing.length === 0
      ? []
      : [
          refuse(
            `Database ${database} lacks ${missing.join(', ')}, and its role ${role} may not make them: indexes and tables that need them would be missing.`,
            `As the master user in ${database}, run ${each('CREATE', missing)} and plan again.`,
          ),
        ]),
    ...(lost.length === 0
      ? []
      : [
          refuse(
            `The role ${role} owns ${lost.join(', ')} in ${database} and may not make them: the restore would drop them, and they would stay away.`,
            `As the master user in ${database}, run ${lost.map((name) => remedyLost(name, database, role)).join(' ')} and plan again.`,
          ),
        ]),
    ...(surplus.length === 0
      ? []
      : [
          warn(
            `${surplus.join(', ')} in ${database} has views that stand in the way when its tables are dropped.`,
            `As the master user in ${database}, run ${each('DROP', surplus)} and make them again behind the restore.`,
          ),
        ]),
  ];
};
