import type {
  DatabaseRestore,
  InstanceSettings,
  InstanceSource,
  InstanceState,
} from '../../functions/clients/database-restore.ts';
import { RefusedError } from '../../functions/runtime/errors.ts';

type Refused = 'restore' | 'rename' | 'remove';

/** RDS in memory. What it is asked for takes some looks, and while it lasts an instance is as RDS shows it. */
export interface FakeDatabaseRestore extends DatabaseRestore {
  /** Puts an instance in, or changes one. */
  put(identifier: string, changes?: Partial<InstanceState>): void;
  /** What was asked for, in order: `restore db-restore-1 of arn:...`, `rename a to b`. */
  readonly asked: readonly string[];
  /** Identifiers by what stays the same of each. */
  names(): Record<string, string>;
  settingsOf(identifier: string): InstanceSettings | undefined;
  /** The next call of this kind is refused. */
  refuse(call: Refused, why: string): void;
  /** So often RDS takes no setting of an instance that it has shown as available. */
  isBusy(times: number): void;
  /** What every instance that is made from now on comes to. */
  breaks(status: string): void;
}

const SETTINGS: InstanceSettings = {
  class: 'db.m7g.large',
  multiAz: true,
  port: 5432,
  subnetGroup: 'gitlab-subnets',
  securityGroups: ['sg-1', 'sg-2'],
  parameterGroup: 'gitlab-pg17',
  optionGroup: 'default:postgres-17',
  storageType: 'gp3',
  maxAllocatedGib: 1_000,
  isPublic: false,
  autoMinorVersionUpgrade: true,
  deletionProtection: true,
  copyTagsToSnapshot: true,
  iamAuthentication: true,
  logExports: ['postgresql'],
  caCertificate: 'rds-ca-rsa2048-g1',
  retentionDays: 30,
  backupWindow: '23:00-23:30',
  maintenanceWindow: 'sun:08:00-sun:08:30',
  tags: { team: 'platform' },
};

/** RDS takes these of a new instance only once it is there. */
const LATER = { retentionDays: 1, maintenanceWindow: 'mon:01:00-mon:01:30' };

interface Entry {
  state: InstanceState;
  /** Looks until what is under way has come about, and what it is then. */
  looks: number;
  comes: (() => void) | undefined;
}

export const createFakeDatabaseRestore = (now: () => Date): FakeDatabaseRestore => {
  const entries = new Map<string, Entry>();
  const asked: string[] = [];
  const refusals = new Map<string, string>();
  let number = 0;
  let end = 'available';
  let busy = 0;
  const make = (identifier: string, changes: Partial<InstanceState>): void => {
    number += 1;
    const state: InstanceState = {
      identifier,
      resourceId: `db-RESOURCE${number}`,
      status: 'available',
      isRenaming: false,
      engineVersion: '17.4',
      isOfCluster: false,
      latestRestorableTime: new Date(now().getTime() - 5 * 60_000).toISOString(),
      settings: SETTINGS,
      ...changes,
    };
    entries.set(identifier, { state, looks: 0, comes: undefined });
  };
  const refuse = (call: Refused): void => {
    const why = refusals.get(call);
    refusals.delete(call);
    if (why !== undefined) throw new RefusedError('rds.refused', why);
  };
  /** Shows it as it is, and lets time pass for it. */
  const see = (identifier: string): InstanceState | undefined => {
    const entry = entries.get(identifier);
    if (!entry) return undefined;
    const { state } = entry;
    if (entry.looks > 0) {
      entry.looks -= 1;
      if (entry.looks === 0) entry.comes?.();
    }
    return state;
  };
  return {
    asked,
    put: (identifier, changes = {}) => {
      const before = entries.get(identifier);
      if (before) before.state = { ...before.state, ...changes };
      else make(identifier, changes);
    },
    names: () =>
      Object.fromEntries([...entries.values()].map(({ state }) => [state.resourceId, state.identifier])),
    settingsOf: (identifier) => entries.get(identifier)?.state.settings,
    refuse: (call, why) => void refusals.set(call, why),
    isBusy: (times) => {
      busy = times;
    },
    breaks: (status) => {
      end = status;
    },
    find: async (identifier) => see(identifier),
    restore: async (identifier, source: InstanceSource, like) => {
      if (entries.has(identifier)) return;
      refuse('restore');
      asked.push(
        `restore ${identifier} ${source.kind === 'snapshot' ? source.arn : `${source.instance} at ${source.at}`}`,
      );
      make(identifier, { status: 'creating', settings: { ...like, ...LATER } });
      const entry = entries.get(identifier);
      if (!entry) return;
      entry.looks = 3;
      entry.comes = () => {
        entry.state = { ...entry.state, status: end };
      };
    },
    adjust: async ({ identifier }, like) => {
      const entry = entries.get(identifier);
      const { retentionDays, maintenanceWindow } = entry?.state.settings ?? SETTINGS;
      if (!entry) return 'busy';
      if (retentionDays === like.retentionDays && maintenanceWindow === like.maintenanceWindow)
        return 'alike';
      if (busy > 0) {
        busy -= 1;
        return 'busy';
      }
      asked.push(`adjust ${identifier}`);
      entry.state = { ...entry.state, status: 'modifying', settings: like };
      entry.looks = 2;
      entry.comes = () => {
        entry.state = { ...entry.state, status: 'available' };
      };
      return 'changed';
    },
    remove: async (identifier) => {
      refuse('remove');
      const entry = entries.get(identifier);
      if (!entry || entry.state.status !== 'available') return false;
      if (entry.state.settings.deletionProtection)
        throw new RefusedError('rds.refused', `${identifier} is protected against deletion.`);
      asked.push(`remove ${identifier}`);
      entry.state = { ...entry.state, status: 'deleting' };
      entry.looks = 2;
      entry.comes = () => void entries.delete(identifier);
      return true;
    },
    rename: async (from, to) => {
      refuse('rename');
      const entry = entries.get(from);
      if (!entry || entry.state.status !== 'available') return false;
      if (entries.has(to)) throw new RefusedError('rds.refused', `There is an instance ${to} already.`);
      asked.push(`rename ${from} to ${to}`);
      entry.state = { ...entry.state, status: 'renaming', isRenaming: true };
      entry.looks = 2;
      entry.comes = () => {
        entries.delete(from);
        // For a moment it is seen under no name, and then under the new one.
        entry.state = { ...entry.state, identifier: to, status: 'available', isRenaming: false };
        entries.set(to, entry);
      };
      return true;
    },
  };
};
