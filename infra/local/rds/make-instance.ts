import { randomBytes } from 'node:crypto';
import type { DBInstance } from '@aws-sdk/client-rds';
import type { StoredCluster } from '../postgresql/make-cluster.ts';
import { lasts, type RdsAccount, type RdsInstance, takeEnd, writeArn } from './account.ts';
import { USUAL_SETTINGS } from './settings.ts';

/** Makes an instance known at once, and its real server behind the answer. @param from empty without one. */
export const addInstance = (
  account: RdsAccount,
  identifier: string,
  settings: Partial<DBInstance>,
  from?: () => Promise<StoredCluster>,
): RdsInstance => {
  const instance: RdsInstance = {
    shown: {
      ...USUAL_SETTINGS,
      ...settings,
      DBInstanceIdentifier: identifier,
      DbiResourceId: `db-${randomBytes(13).toString('hex').toUpperCase()}`,
      DBInstanceArn: writeArn(account, 'db', identifier),
      DBInstanceStatus: 'creating',
    },
    busy: true,
    server: undefined,
    base: undefined,
  };
  account.instances.set(identifier, instance);
  account.goOn(() => startInstance(account, instance, from));
  return instance;
};

const startInstance = async (
  account: RdsAccount,
  instance: RdsInstance,
  from: (() => Promise<StoredCluster>) | undefined,
): Promise<void> => {
  try {
    const stored = await from?.();
    const [server] = await Promise.all([account.startServer(stored), lasts(account, 'creating')]);
    instance.server = server;
    const [row] = await server.query('show server_version');
    const identifier = instance.shown.DBInstanceIdentifier ?? '';
    instance.shown = {
      ...instance.shown,
      EngineVersion: String(row?.['server_version']).split(' ')[0] ?? '',
      InstanceCreateTime: account.now(),
      Endpoint: await account.endpoint(identifier),
      DBInstanceStatus: takeEnd(account, 'creating', 'available'),
    };
    const isKept = (instance.shown.BackupRetentionPeriod ?? 0) > 0;
    if (isKept && instance.shown.DBInstanceStatus === 'available') await backUp(account, instance, stored);
  } catch (error) {
    instance.shown = { ...instance.shown, DBInstanceStatus: 'failed' };
    throw error;
  } finally {
    instance.busy = false;
  }
};

/** The backup that RDS makes of a new instance by itself: it is shown as available, takes nothing, and then says why. */
const backUp = async (
  account: RdsAccount,
  instance: RdsInstance,
  stored: StoredCluster | undefined,
): Promise<void> => {
  await lasts(account, 'backing-up', UNANNOUNCED);
  instance.shown = { ...instance.shown, DBInstanceStatus: 'backing-up' };
  const since = account.now();
  // A base backup is its own beginning; what began empty, or has gone on from one, needs a new one.
  const isCopied = stored !== undefined && stored.until === undefined;
  const folder = isCopied ? stored.folder : account.newFolder();
  const copied = isCopied ? undefined : instance.server?.copy(folder);
  await Promise.all([copied, lasts(account, 'backing-up')]);
  instance.base = { folder, since };
  instance.shown = { ...instance.shown, DBInstanceStatus: 'available' };
};

/** Share of the time of a backup for which the status does not tell of it. */
const UNANNOUNCED = 0.5;
