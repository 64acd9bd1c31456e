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
    const since = account.now();
    instance.server = server;
    const [row] = await server.query('show server_version');
    // A base backup is its own beginning; what began empty, or has gone on from one, needs a new one.
    const isCopied = stored !== undefined && stored.until === undefined;
    instance.base = isCopied
      ? Promise.resolve({ folder: stored.folder, since })
      : copyBase(account, instance, since);
    instance.base.catch(() => undefined);
    const identifier = instance.shown.DBInstanceIdentifier ?? '';
    instance.shown = {
      ...instance.shown,
      EngineVersion: String(row?.['server_version']).split(' ')[0] ?? '',
      InstanceCreateTime: since,
      Endpoint: await account.endpoint(identifier),
      DBInstanceStatus: takeEnd(account, 'creating', 'available'),
    };
  } catch (error) {
    instance.shown = { ...instance.shown, DBInstanceStatus: 'failed' };
    throw error;
  } finally {
    instance.busy = false;
  }
};

const copyBase = async (account: RdsAccount, { server }: RdsInstance, since: Date) => {
  const folder = account.newFolder();
  await server?.copy(folder);
  return { folder, since };
};
