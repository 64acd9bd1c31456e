import type { Backup, BackupSettings } from './backup.ts';
import type { ReferencedSections, ReferenceProblem } from './reference-problem.ts';

/** What would have every drill of an environment refused, or two of them work on one place, as far as the file tells it. */

type Environments = ReferencedSections['environments'];

/** Finds every contradiction between drills and the rest of the file, each with its path. */
export const findDrillProblems = (
  { environments }: Pick<ReferencedSections, 'environments'>,
  { environments: backups }: Backup,
): ReferenceProblem[] => {
  const drilled = Object.entries(backups).filter(([, { restore }]) => restore.drill && restore.scratch);
  return drilled.flatMap(([name, settings], index) => {
    const others = drilled.slice(0, index).map(([other]) => other);
    return [
      ...checkPlace(name, environments, backups),
      ...checkShared(name, others, environments, backups),
      ...checkReading(name, environments, backups),
      ...checkSets(settings),
      ...checkRange(settings),
    ].map(({ path, message }) => ({ path: ['backup', 'environments', name, 'restore', ...path], message }));
  });
};

interface Found {
  readonly path: readonly string[];
  readonly message: string;
}

/** A drill empties the place at its end. */
const checkPlace = (name: string, environments: Environments, backups: Backup['environments']): Found[] =>
  Object.entries(backups)
    .filter(
      ([other, { namespace }]) =>
        scratchOf(name, environments, backups) === placeOf(environments, other, namespace),
    )
    .map(([other]) => ({
      path: ['scratch', 'namespace'],
      message: `is that of the GitLab of "${other}"; a drill destroys all that is in its place, so give it a GitLab of its own`,
    }));

/** Locks of drills go by environment. */
const checkShared = (
  name: string,
  others: readonly string[],
  environments: Environments,
  backups: Backup['environments'],
): Found[] =>
  others
    .filter((other) => scratchOf(other, environments, backups) === scratchOf(name, environments, backups))
    .map((other) => ({
      path: ['scratch', 'namespace'],
      message: `is the place of the drills of "${other}" already; each environment that is rehearsed needs one of its own`,
    }));

/** What tells the place from a GitLab that people use stands in the values of both. */
const checkReading = (name: string, environments: Environments, backups: Backup['environments']): Found[] =>
  Object.entries(backups)
    .filter(
      ([other, { secrets }]) => !secrets.helmValues && environments[other]?.site === environments[name]?.site,
    )
    .map(([other]) => ({
      path: ['drill'],
      message: `needs the values of every GitLab of its site, to see that its place is none of theirs; write secrets.helmValues: true for "${other}"`,
    }));

/** A drill takes sets alone that bring a whole GitLab back; one that is no archive needs parts of its own in the place. */
const checkSets = ({ policies, restore: { scratch } }: BackupSettings): Found[] => {
  const whole = Object.values(policies).filter(
    ({ skip }) => !skip.includes('db') && !skip.includes('repositories'),
  );
  if (whole.length === 0) {
    const message = 'has nothing to rehearse: no policy backs up both the database and the repositories';
    return [{ path: ['drill'], message }];
  }
  if (scratch?.database || whole.some(({ kind }) => kind === 'tar')) return [];
  const message =
    'has nothing to rehearse: native sets need an RDS instance of the place, so write database into scratch, or add a policy of kind tar';
  return [{ path: ['drill'], message }];
};

const HTTPS = 443;

/** An instance that RDS makes has an address of its own, which nobody knows when the network is closed. */
const checkRange = ({ restore: { scratch, drill } }: BackupSettings): Found[] =>
  !scratch?.database || drill?.allowed.some(({ ports }) => ports.some((port) => port !== HTTPS))
    ? []
    : [
        {
          path: ['drill', 'allowed'],
          message:
            'lets nobody reach the database: RDS makes a new instance for each drill of a native set, so name the subnets of scratch.database with its port',
        },
      ];

const scratchOf = (
  name: string,
  environments: Environments,
  backups: Backup['environments'],
): string | undefined => {
  const scratch = backups[name]?.restore.scratch;
  return scratch && placeOf(environments, name, scratch.namespace, scratch.cluster);
};

const placeOf = (
  environments: Environments,
  name: string,
  namespace: string,
  cluster = environments[name]?.cluster.name,
): string => JSON.stringify([environments[name]?.site ?? '', cluster ?? '', namespace]);
