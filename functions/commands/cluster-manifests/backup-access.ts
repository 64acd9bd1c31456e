import { readFile } from 'node:fs/promises';
import process from 'node:process';
import { text } from 'node:stream/consumers';
import { buildBackupAccessManifest, buildSecretAccessManifest } from '../../backup/access-manifest.ts';
import { listBackupAccess } from '../../backup/cluster-access.ts';
import { buildDrillAccessManifest, listDrillAccess } from '../../backup/drill-access.ts';
import { listPreflightAccess } from '../../backup/preflight-access.ts';
import { listRestoreAccess, listRestorePlanAccess } from '../../backup/restore-access.ts';
import { buildRestoreAccessManifest } from '../../backup/restore-manifest.ts';
import { listRestoreSecretAccess } from '../../backup/restore-secret-access.ts';
import { listSecretAccess, type SecretReading } from '../../backup/secret-access.ts';
import {
  BACKUP_GROUP,
  BACKUP_PREFLIGHT_GROUP,
  BACKUP_SECRETS_GROUP,
  DRILL_GROUP,
  RESTORE_GROUP,
  RESTORE_PLAN_GROUP,
  RESTORE_SECRETS_GROUP,
} from '../../records/cluster-group.ts';
import type { Access, Given, Table } from './access.ts';
import { chooseReading, listRestoredNames } from './secret-reading.ts';

/** A namespace in which no capability has a right, to show that rights end. */
const OTHERS = ['kube-system'];

/** Groups by what is done under them; a table is that of the first namespace. */
type Listing = readonly (readonly [group: string, rows: (namespace: string) => Table['rows']])[];

/** What backups need in the namespace of a GitLab, restores into it, and drills in theirs. */
export const describeBackupAccess = async (given: Given): Promise<Access> => {
  const { namespaces, drillNamespaces, values, release, isRestored } = given;
  const problem = findMistake(given);
  if (problem !== undefined) return { problem };
  const reading = await chooseReading(values, release, {
    readText: (file) => (file === '-' ? text(process.stdin) : readFile(file, 'utf8')),
  });
  if (typeof reading !== 'string' && 'problem' in reading) return reading;
  const names = listRestoredNames(reading, release);
  const scratches = drillNamespaces.filter((one) => !namespaces.includes(one));
  const restored = [...(isRestored ? namespaces : []), ...drillNamespaces];
  return {
    objects: () => [
      ...buildBackupAccessManifest(namespaces, reading),
      ...buildSecretAccessManifest(scratches, reading),
      ...buildRestoreAccessManifest([...new Set(restored)], names),
      ...buildDrillAccessManifest(drillNamespaces),
    ],
    tables: () => [
      ...tablesOf(namespaces, [...startTables, readTable(reading)]),
      ...tablesOf(namespaces.length === 0 ? scratches : [], [readTable(reading)]),
      ...tablesOf(restored, restoreTables(names)),
      ...tablesOf(drillNamespaces, [[DRILL_GROUP, (one) => listDrillAccess(one, OTHERS)]]),
    ],
  };
};

const findMistake = ({ namespaces, drillNamespaces, values, isRestored }: Given): string | undefined => {
  const all = new Set([...namespaces, ...drillNamespaces]);
  if (all.size === 0) {
    return 'Name the namespaces of GitLab: --namespace gitlab, and --drill-namespace gitlab-drill where drills are carried out';
  }
  if (values.length > 0 && all.size > 1) return 'Name one namespace with --values: they are of one GitLab';
  // Where the place is, only the values say, and no name tells the Secrets apart in which they lie.
  if (values.length > 0 && drillNamespaces.length > 0) {
    return 'Leave --values out with --drill-namespace: a drill reads the release of its place, which takes the right to list secrets';
  }
  if (!isRestored && drillNamespaces.length > 0) {
    return 'Leave --without-restore out with --drill-namespace: a drill restores there';
  }
  return undefined;
};

const tablesOf = ([first]: readonly string[], listing: Listing): Table[] =>
  first === undefined ? [] : listing.map(([group, rows]) => ({ group, rows: rows(first) }));

const startTables: Listing = [
  [BACKUP_GROUP, (one) => listBackupAccess(one, OTHERS)],
  [BACKUP_PREFLIGHT_GROUP, (one) => listPreflightAccess(one, OTHERS)],
];

const readTable = (reading: SecretReading): Listing[number] => [
  BACKUP_SECRETS_GROUP,
  (one) => listSecretAccess(one, OTHERS, reading),
];

const restoreTables = (names: readonly string[]): Listing => [
  [RESTORE_PLAN_GROUP, (one) => listRestorePlanAccess(one, OTHERS)],
  [RESTORE_GROUP, (one) => listRestoreAccess(one, OTHERS)],
  [RESTORE_SECRETS_GROUP, (one) => listRestoreSecretAccess(one, OTHERS, names)],
];
