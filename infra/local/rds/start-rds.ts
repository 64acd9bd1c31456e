import { rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import type { DBInstance } from '@aws-sdk/client-rds';
import { createFaults, type Fault } from '../faults.ts';
import { findFreePort } from '../free-port.ts';
import { listenOnLoopback, stopServing } from '../loopback.ts';
import { prepareServerUser } from '../postgresql/server-user.ts';
import { askPostgresql, type LocalPostgresql, startPostgresql } from '../postgresql/start-postgresql.ts';
import type { Report } from '../report.ts';
import { needInstance, type RdsAccount, type RdsWork } from './account.ts';
import { RdsError, type RdsErrorName } from './answer.ts';
import type { Authority } from './authorise.ts';
import { openEndpoints } from './endpoints.ts';
import { addInstance } from './make-instance.ts';
import { type RdsCall, type RdsService, serveRds } from './serve-rds.ts';

interface StartRds {
  /** Takes the servers and their copies. */
  readonly folder: string;
  readonly region: string;
  /** Twelve digits. */
  readonly account: string;
  readonly report: Report;
  /** Whose policies say who may do what; without it everybody may. */
  readonly authority?: Authority;
  /** Where to listen, when somebody has to know before it starts; otherwise a free port. */
  readonly port?: number;
  /** How long each kind of work lasts at least; less than a second unless said otherwise. */
  readonly seconds?: Partial<Record<RdsWork, number>>;
}

export interface LocalRds {
  /** For `AWS_ENDPOINT_URL_RDS`. */
  readonly url: string;
  /**
   * Makes an instance with an empty PostgreSQL, and waits until it is available. @param settings as DescribeDBInstances
   * shows them, where they are not the usual ones.
   */
  create(identifier: string, settings?: Partial<DBInstance>): Promise<LocalPostgresql>;
  /** Whatever has an identifier at the moment of a question, as clients reach it. @throws RdsError when none has it. */
  database(identifier: string): LocalPostgresql;
  /** Identifiers of all instances, by what stays the same of each. */
  names(): Readonly<Record<string, string>>;
  /** The next calls of an operation fail: throttled, forbidden, cut. */
  fault(fault: Fault<RdsErrorName>): void;
  clearFaults(): void;
  /** What the next work of a kind comes to: a snapshot `failed`, an instance `incompatible-restore`. */
  endNext(work: 'creating' | 'backing-up', status: string): void;
  setSeconds(work: RdsWork, seconds: number): void;
  /** The calls so far, oldest first; of one operation when it is named. */
  calls(operation?: string): readonly RdsCall[];
  stop(): Promise<void>;
}

/** Long enough to be seen, and for a caller to meet each state. */
const SECONDS: Record<RdsWork, number> = {
  creating: 0.2,
  'backing-up': 0.2,
  modifying: 0.4,
  renaming: 0.6,
  deleting: 0.2,
};

/**
 * Starts a stand-in for RDS on a loopback port. Every instance is a real PostgreSQL server, every snapshot a real base
 * backup of it, and what is restored a server that is started from one; a point in time comes by the real write-ahead log.
 * Each identifier has an address of its own (Linux answers for all of 127.0.0.0/8), which leads to whatever has the
 * identifier: an instance that is renamed takes its clients with it, as by DNS.
 *
 * Left out: what `authorise.ts` says of rights; encryption, whose key is a name; clusters, replicas,
 * proxies, parameter and option groups (names alone), maintenance and backups by themselves; CreateDBInstance, filters and
 * pages; windows, so that a change without ApplyImmediately never comes; the port of an instance, which is one for all. One
 * may go back to this very moment, where RDS is some five minutes behind.
 */
export const startRds = async (options: StartRds): Promise<LocalRds> => {
  const { folder, report } = options;
  const [copies, endpointPort] = await Promise.all([
    prepareServerUser(join(folder, 'copies')),
    findFreePort(),
  ]);
  let servers = 0;
  let folders = 0;
  const working = new Set<Promise<void>>();
  const endpoints = openEndpoints(endpointPort, (identifier) => account.instances.get(identifier)?.server);
  const account: RdsAccount = {
    region: options.region,
    account: options.account,
    instances: new Map(),
    snapshots: new Map(),
    seconds: { ...SECONDS, ...options.seconds },
    ends: new Map(),
    now: () => new Date(),
    endpoint: (identifier) => endpoints.of(identifier),
    cut: (identifier) => endpoints.cut(identifier),
    startServer: (from) => {
      servers += 1;
      const place = join(folder, `server-${servers}`);
      return startPostgresql({ folder: place, keepsLog: true, report, ...(from ? { from } : {}) });
    },
    newFolder: () => {
      folders += 1;
      return join(copies.folder, String(folders));
    },
    goOn: (work) => {
      const done = work()
        .catch((error: unknown) => report(`RDS: ${error instanceof Error ? error.message : String(error)}`))
        .finally(() => working.delete(done));
      working.add(done);
    },
  };
  const service: RdsService = {
    account,
    faults: createFaults(
      (operation, name, message) => new RdsError(name, message ?? usualMessage(operation, name)),
    ),
    calls: [],
    authority: options.authority,
  };
  const server = createServer((request, response) => void serveRds(service, request, response));
  const url = `http://127.0.0.1:${await listenOnLoopback(server, options.port)}`;
  report(`RDS: ready on ${url}`);

  const database = (identifier: string): LocalPostgresql => {
    const { shown, server: behind } = needInstance(account, identifier);
    const { Address: host = '', Port: port = 0 } = shown.Endpoint ?? {};
    if (!behind) throw new Error(`The instance ${identifier} is not there yet.`);
    const { major, master, program } = behind;
    const query = askPostgresql({ host, port }, master);
    return { host, port, major, master, program, query, stop: async () => undefined };
  };

  return {
    url,
    create: async (identifier, settings = {}) => {
      addInstance(account, identifier, { MasterUsername: 'postgres', ...settings });
      await Promise.all(working);
      return database(identifier);
    },
    database,
    names: () =>
      Object.fromEntries(
        [...account.instances].map(([name, { shown }]) => [shown.DbiResourceId ?? '', name]),
      ),
    fault: (fault) => service.faults.add(fault),
    clearFaults: () => service.faults.clear(),
    endNext: (work, status) => void account.ends.set(work, status),
    setSeconds: (work, seconds) => {
      account.seconds[work] = seconds;
    },
    calls: (operation) =>
      service.calls.filter((call) => operation === undefined || call.operation === operation),
    stop: async () => {
      await stopServing(server);
      options.authority?.stop();
      await Promise.all(working);
      await endpoints.stop();
      await Promise.all([...account.instances.values()].map(async (one) => one.server?.stop()));
      await rm(copies.folder, { recursive: true, force: true });
    },
  };
};

const usualMessage = (operation: string, error: RdsErrorName): string => {
  if (error === 'AccessDenied') {
    return `User: arn:aws:sts::111122223333:assumed-role/drydock/run is not authorized to perform: rds:${operation}`;
  }
  return error === 'Throttling' ? 'Rate exceeded' : `${operation} was made to fail with ${error}.`;
};
