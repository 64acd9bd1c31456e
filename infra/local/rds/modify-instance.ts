import type { DBInstance, PendingModifiedValues } from '@aws-sdk/client-rds';
import {
  describeInstance,
  lasts,
  needAvailable,
  type Operation,
  type RdsAccount,
  type RdsInstance,
  refuseTaken,
  writeArn,
} from './account.ts';
import { needIdentifier, readFlag } from './parameters.ts';
import { readSettings } from './settings.ts';

/** What of a wait is over before the status of an instance tells of its change: it is announced as pending at first. */
const ANNOUNCED = 0.25;

/** Changes of an instance. Of one that waits for its window nothing is done: no window comes. */
export const MODIFY_OPERATIONS: readonly Operation[] = [
  {
    name: 'ModifyDBInstance',
    answer: (account, parameters) => {
      const instance = needAvailable(account, needIdentifier(parameters, 'DBInstanceIdentifier'));
      const wish = parameters.has('NewDBInstanceIdentifier')
        ? needIdentifier(parameters, 'NewDBInstanceIdentifier')
        : undefined;
      const to = wish === instance.shown.DBInstanceIdentifier ? undefined : wish;
      if (to !== undefined) refuseTaken(account, to);
      const settings = readSettings(parameters);
      instance.shown = {
        ...instance.shown,
        PendingModifiedValues: {
          ...instance.shown.PendingModifiedValues,
          ...readPending(settings),
          ...(to === undefined ? {} : { DBInstanceIdentifier: to }),
        },
      };
      if (readFlag(parameters, 'ApplyImmediately') === true) {
        instance.busy = true;
        account.goOn(() => change(account, instance, settings, to));
      }
      return { DBInstance: describeInstance(account, instance) };
    },
  },
];

/** Of the settings, those that are announced. Source: RDS API, `PendingModifiedValues`. */
const readPending = ({
  BackupRetentionPeriod,
  DBInstanceClass,
  MultiAZ,
}: Partial<DBInstance>): PendingModifiedValues => ({
  ...(BackupRetentionPeriod === undefined ? {} : { BackupRetentionPeriod }),
  ...(DBInstanceClass === undefined ? {} : { DBInstanceClass }),
  ...(MultiAZ === undefined ? {} : { MultiAZ }),
});

const change = async (
  account: RdsAccount,
  instance: RdsInstance,
  settings: Partial<DBInstance>,
  to: string | undefined,
): Promise<void> => {
  if (Object.keys(settings).length > 0) {
    await lasts(account, 'modifying', ANNOUNCED);
    instance.shown = { ...instance.shown, ...settings, DBInstanceStatus: 'modifying' };
    await lasts(account, 'modifying', 1 - ANNOUNCED);
  }
  if (to !== undefined) await rename(account, instance, to);
  const { PendingModifiedValues: _over, ...shown } = instance.shown;
  instance.shown = { ...shown, DBInstanceStatus: 'available' };
  instance.busy = false;
};

/**
 * Four quarters: announced, renaming under the old identifier, seen under none, renaming under the new one. Connections to
 * the old name end, as with the restart of the instance.
 *
 * Source: RDS User Guide, "Renaming a DB instance".
 */
const rename = async (account: RdsAccount, instance: RdsInstance, to: string): Promise<void> => {
  const from = instance.shown.DBInstanceIdentifier ?? '';
  await lasts(account, 'renaming', ANNOUNCED);
  instance.shown = { ...instance.shown, DBInstanceStatus: 'renaming' };
  await lasts(account, 'renaming', ANNOUNCED);
  account.instances.delete(from);
  account.cut(from);
  await lasts(account, 'renaming', ANNOUNCED);
  const Endpoint = await account.endpoint(to);
  const DBInstanceArn = writeArn(account, 'db', to);
  instance.shown = { ...instance.shown, DBInstanceIdentifier: to, DBInstanceArn, Endpoint };
  account.instances.set(to, instance);
  // Nothing is documented of it; whoever relies on the old name is found out.
  for (const snapshot of account.snapshots.values()) {
    if (snapshot.shown.DbiResourceId === instance.shown.DbiResourceId) {
      snapshot.shown = { ...snapshot.shown, DBInstanceIdentifier: to };
    }
  }
  await lasts(account, 'renaming', ANNOUNCED);
};
