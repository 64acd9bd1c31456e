import { setTimeout as delay } from 'node:timers/promises';
import type { DBInstance, DBSnapshot } from '@aws-sdk/client-rds';
import type { StoredCluster } from '../postgresql/make-cluster.ts';
import type { DatabaseLogin, PostgresqlServer } from '../postgresql/start-postgresql.ts';
import { type Body, RdsError } from './answer.ts';
import type { Parameters } from './parameters.ts';

/** An instance: what is shown of it, and the real server behind it. */
export interface RdsInstance {
  shown: DBInstance;
  /** Is something done to it? Then it takes nothing else, also before its status says so. */
  busy: boolean;
  /** Undefined while it is being made. */
  server: PostgresqlServer | undefined;
  /** A base backup from which its own log leads to any later moment; none of one that keeps no backups. */
  base: { readonly folder: string; readonly since: Date } | undefined;
}

/** A snapshot: what is shown of it, and the base backup that it is. */
export interface RdsSnapshot {
  shown: DBSnapshot;
  readonly master: DatabaseLogin;
  readonly folder: string;
  /** Of the instance, as they were. */
  readonly settings: Partial<DBInstance>;
}

/** What lasts in RDS. */
export type RdsWork = 'creating' | 'backing-up' | 'modifying' | 'renaming' | 'deleting';

/** One account and region. */
export interface RdsAccount {
  readonly region: string;
  readonly account: string;
  readonly instances: Map<string, RdsInstance>;
  readonly snapshots: Map<string, RdsSnapshot>;
  /** How long each kind of work lasts at least, in seconds. */
  readonly seconds: Record<RdsWork, number>;
  /** What the next work of a kind comes to, where that is not well: `failed`, `incompatible-restore`. */
  readonly ends: Map<RdsWork, string>;
  readonly now: () => Date;
  /** Where clients reach whatever has an identifier. */
  readonly endpoint: (identifier: string) => Promise<{ readonly Address: string; readonly Port: number }>;
  /** Ends connections to whatever has an identifier. */
  readonly cut: (identifier: string) => void;
  /** Starts a server with what a cluster holds, empty without one. */
  readonly startServer: (from?: StoredCluster) => Promise<PostgresqlServer>;
  /** A new folder for a base backup. */
  readonly newFolder: () => string;
  /** Goes on behind the answer; what it throws is told, and kept from nobody. */
  readonly goOn: (work: () => Promise<void>) => void;
}

/** One operation of the RDS API. */
export interface Operation {
  readonly name: string;
  answer(account: RdsAccount, parameters: Parameters): Body | Promise<Body>;
}

/** @throws RdsError when there is none. */
export const needInstance = (account: RdsAccount, identifier: string): RdsInstance => {
  const found = account.instances.get(identifier.toLowerCase());
  if (found) return found;
  throw new RdsError('DBInstanceNotFound', `DBInstance ${identifier} not found.`);
};

/** The same, of one that takes a change. @throws RdsError while it does not. */
export const needAvailable = (account: RdsAccount, identifier: string): RdsInstance => {
  const found = needInstance(account, identifier);
  const { DBInstanceStatus: status } = found.shown;
  if (status === 'available' && !found.busy) return found;
  throw new RdsError('InvalidDBInstanceState', `Instance ${identifier} is not in available state.`);
};

/** @throws RdsError when somebody has the identifier already. */
export const refuseTaken = (account: RdsAccount, identifier: string): void => {
  if (!account.instances.has(identifier)) return;
  throw new RdsError('DBInstanceAlreadyExists', 'DB instance already exists');
};

/** Waits for a share of what a kind of work lasts. */
export const lasts = ({ seconds }: RdsAccount, work: RdsWork, share = 1): Promise<void> =>
  delay(seconds[work] * share * 1_000);

/** What a work comes to: as it should, or once what somebody wanted to see. */
export const takeEnd = ({ ends }: RdsAccount, work: RdsWork, well: string): string => {
  const end = ends.get(work) ?? well;
  ends.delete(work);
  return end;
};

/** `arn:aws:rds:eu-central-1:111122223333:db:gitlab`. */
export const writeArn = ({ region, account }: RdsAccount, kind: 'db' | 'snapshot', name: string): string =>
  `arn:aws:rds:${region}:${account}:${kind}:${name}`;

/** As RDS shows it now. */
export const describeInstance = ({ now }: RdsAccount, { shown, server }: RdsInstance): DBInstance => ({
  ...shown,
  ...(server && (shown.BackupRetentionPeriod ?? 0) > 0 ? { LatestRestorableTime: now() } : {}),
});
