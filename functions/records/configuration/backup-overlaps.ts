import type { Configuration } from '../configuration.ts';
import type { BackupSettings } from './backup.ts';
import type { BackupPolicy } from './backup-policy.ts';
import { clusterOf } from './lookup.ts';
import { findClash, findFirstWithin, gapsOf, type TimedSchedule } from './schedule-times.ts';
import { defaultUpgradeSettings, type UpgradeSettings } from './upgrade.ts';

/** Where backups, drills and upgrades would meet, as far as the configuration alone tells it: nothing of it is forbidden. */

/** The daily check looks at pods, and a backup that has just begun is one that must not be disturbed. */
const CHECK_MINUTES = 15;

/** Hours for which a drill is taken to be at work; one of a large GitLab takes longer. */
const DRILL_HOURS = 4;

/** One sentence for each meeting, with what to do. */
export const findBackupOverlaps = (configuration: Configuration): string[] =>
  Object.entries(configuration.backup?.environments ?? {}).flatMap(([environment, { policies, restore }]) => {
    if (!configuration.upgrade) return [];
    const upgrades = listUpgrades(configuration, environment);
    return [
      ...meetDrill(configuration, environment, restore),
      ...Object.entries(policies).flatMap(([name, policy]) => [
        ...meetCheck(configuration, `${environment}, policy ${name}`, policy),
        ...upgrades.flatMap((upgrade) => meetWindow(`${environment}, policy ${name}`, policy, upgrade)),
      ]),
      // A gate asks for a backup of the environment whose upgrade it is.
      ...upgrades
        .filter((upgrade) => upgrade.environment === environment)
        .flatMap((upgrade) => missGate(environment, Object.values(policies), upgrade)),
    ];
  });

interface NamedUpgrade {
  readonly environment: string;
  readonly settings: UpgradeSettings;
}

/**
 * How the cluster of an environment is upgraded: under its own name, and under those that share it.
 *
 * @param cluster another one at its site.
 */
const listUpgrades = (
  configuration: Configuration,
  environment: string,
  cluster?: string,
): NamedUpgrade[] => {
  const { environments, upgrade } = configuration;
  const wanted = placeOf(configuration, environment, cluster);
  return Object.keys(environments)
    .filter((name) => placeOf(configuration, name) === wanted)
    .flatMap((name) => {
      const settings =
        upgrade?.environments[name] ?? (name === environment ? defaultUpgradeSettings() : undefined);
      return settings ? [{ environment: name, settings }] : [];
    });
};

const placeOf = (configuration: Configuration, environment: string, cluster?: string): string => {
  const address = clusterOf(configuration, environment);
  return JSON.stringify([
    configuration.environments[environment]?.site,
    cluster ?? address?.cluster,
    address?.region,
  ]);
};

/** A drill lasts for hours: it meets a window also when it begins before that. */
const meetDrill = (
  configuration: Configuration,
  environment: string,
  { drill, scratch }: BackupSettings['restore'],
): string[] =>
  listUpgrades(configuration, environment, scratch?.cluster).flatMap(({ environment: name, settings }) => {
    if (!drill || !settings.window) return [];
    const { from, to, timeZone } = settings.window;
    const { begins, minutes } = readWindow(settings.window);
    const at = findFirstWithin(drill, begins, minutes) ?? findFirstWithin(begins, drill, DRILL_HOURS * 60);
    if (at === undefined) return [];
    return [
      `The restore drill of ${environment} would be at work in the window of upgrades of ${name} (${from} to ${to} ${timeZone}), for example on ${at}: a node that is replaced ends what restores on it, and the drill fails. Move one of them.`,
    ];
  });

const meetCheck = ({ upgrade }: Configuration, what: string, policy: BackupPolicy): string[] => {
  if (!upgrade) return [];
  const { at, timeZone } = upgrade.check;
  const clash = findClash(policy, { schedule: daily(at), timeZone }, CHECK_MINUTES);
  if (!clash) return [];
  return [
    `The backup of ${what} starts within ${CHECK_MINUTES} minutes of the daily check of upgrades (upgrade.check.at ${at} ${timeZone}), for example on ${clash.at}: the check would report its pod as one that blocks a drain. Move one of them.`,
  ];
};

const meetWindow = (
  what: string,
  policy: BackupPolicy,
  { environment, settings }: NamedUpgrade,
): string[] => {
  const { window } = settings;
  if (!window) return [];
  const { begins, minutes } = readWindow(window);
  const at = findFirstWithin(policy, begins, minutes);
  if (at === undefined) return [];
  return [
    `The backup of ${what} starts in the window of upgrades of ${environment} (${window.from} to ${window.to} ${window.timeZone}), for example on ${at}: a node that is replaced ends the backup on it. Move one of them.`,
  ];
};

/** When it begins, and for how many minutes it lasts. */
const readWindow = ({ from, to, days, timeZone }: NonNullable<UpgradeSettings['window']>) => {
  const begins: TimedSchedule = { schedule: daily(from, days), timeZone };
  return { begins, minutes: (minutesOf(to) - minutesOf(from) + DAY) % DAY };
};

/** An upgrade asks for a backup of a whole GitLab that is young enough; between two of them there may be none. */
const missGate = (
  environment: string,
  policies: readonly BackupPolicy[],
  { settings }: NamedUpgrade,
): string[] => {
  const gaps = policies
    .filter(isWhole)
    .map(({ schedule }) => gapsOf(schedule)?.longest ?? Number.POSITIVE_INFINITY);
  const hours = Math.ceil(Math.min(...gaps) / 60);
  const allowed = settings.backupMaxAgeHours;
  if (hours <= allowed) return [];
  const why = Number.isFinite(hours)
    ? `up to ${hours} hours lie between two backups of the whole GitLab of ${environment}`
    : `no policy backs up the whole GitLab of ${environment}`;
  return [
    `An upgrade takes a verified backup of at most ${allowed} hours (backupMaxAgeHours), and ${why}: at times its gate stays shut. Back up more often, or allow more.`,
  ];
};

/** Buckets have versions; without these two nothing is brought back. */
const isWhole = ({ skip }: BackupPolicy): boolean => !skip.includes('db') && !skip.includes('repositories');

const DAY = 1440;

const minutesOf = (time: string): number => {
  const [hours = '', minutes = ''] = time.split(':');
  return Number(hours) * 60 + Number(minutes);
};

const daily = (time: string, days: readonly string[] = []): string => {
  const [hours, minutes] = [Math.floor(minutesOf(time) / 60), minutesOf(time) % 60];
  return days.length === 0
    ? `cron(${minutes} ${hours} * * ? *)`
    : `cron(${minutes} ${hours} ? * ${days.map((day) => day.toUpperCase()).join(',')} *)`;
};
