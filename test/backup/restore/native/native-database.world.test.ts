import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { workOnDatabase } from '../../../../functions/backup/restore/native/database-work.ts';
import type { RestoreDatabaseFact } from '../../../../functions/backup/restore/native/native-facts.ts';
import { beginRun } from '../../../../functions/backup/restore/run-life.ts';
import type { CurrentStep } from '../../../../functions/backup/restore/run-steps.ts';
import { openDatabaseRestore } from '../../../../functions/clients/databases/open-database-restore.ts';
import { openDatabases } from '../../../../functions/clients/databases/open-databases.ts';
import type { NativeDatabase } from '../../../../functions/records/backup/native-restore.ts';
import type { RestoreStep } from '../../../../functions/records/backup/restore-plan.ts';
import { type LocalRds, startRds } from '../../../../infra/local/rds/start-rds.ts';
import { newRegion } from '../../../support/new-region.ts';
import { waitFor } from '../../../support/world/wait-for.ts';
import { buildExecution, buildPlan } from '../restore-builders.ts';

/** The work of a restore on a database, look by look, on the local RDS: real rows, and every answer may be lost. */

const region = newRegion();
const databases = openDatabaseRestore(region);
let folder = '';
let rds: LocalRds;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drydock-rds-'));
  rds = await startRds({ folder, region, account: '111122223333', report: () => undefined });
  vi.stubEnv('AWS_ENDPOINT_URL_RDS', rds.url);
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'local');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'local');
});
afterEach(() => rds.clearFaults());
afterAll(async () => {
  await rds.stop();
  await rm(folder, { recursive: true, force: true });
  vi.unstubAllEnvs();
});

/** A database with a row of the set, a snapshot of it, and a row of later. */
const openDatabase = async (instance: string) => {
  const server = await rds.create(instance, {
    BackupRetentionPeriod: 7,
    PreferredMaintenanceWindow: 'sun:05:00-sun:05:30',
    DeletionProtection: true,
  });
  await server.query("create table issues (title text); insert into issues values ('of the set')");
  const client = openDatabases(region);
  const reference = { kind: 'instance', identifier: instance } as const;
  const { arn } = await client.createSnapshot(reference, `drydock-${instance}`, {});
  await waitFor('the snapshot is there', async () => {
    return (await client.findSnapshot(reference, `drydock-${instance}`))?.status === 'available';
  });
  const at = new Date().toISOString();
  await server.query("insert into issues values ('of later')");
  const names = { instance, interim: `${instance}-restore-1`, kept: `${instance}-before-1` };
  return { names, arn, at };
};
const titles = async (identifier: string): Promise<unknown[]> =>
  (await rds.database(identifier).query('select title from issues order by 1')).map(({ title }) => title);

/** Carries steps of one restore out. Of every other look nobody learns what it came to, as when its Lambda died. */
const openWork = (database: NativeDatabase) => {
  const run = beginRun(buildPlan(), { execution: buildExecution(), fence: 1 }, new Date());
  let fact: RestoreDatabaseFact | undefined;
  let looks = 0;
  return async (step: RestoreStep, back = false): Promise<RestoreDatabaseFact> => {
    const current: CurrentStep = { way: 'restore', step, attempt: 1, since: undefined, back };
    for (;;) {
      const task = { run, current, database, before: fact, now: new Date() };
      const seen = await workOnDatabase(
        task,
        { databases, isOurs: async () => true },
        AbortSignal.timeout(30_000),
      );
      looks += 1;
      if (seen && (looks % 2 === 0 || seen.state !== 'waiting')) fact = seen;
      if (seen && seen.state !== 'waiting') return seen;
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
  };
};

it('the database of the set takes the name, and gives it back, whatever answers are lost on the way', async () => {
  const { names, arn } = await openDatabase('lossy');
  const work = openWork({ ...names, source: { kind: 'snapshot', arn } });
  for (const operation of ['RestoreDBInstanceFromDBSnapshot', 'ModifyDBInstance']) {
    rds.fault({ operation, error: 'lost' });
  }
  expect(await work('restore-database')).toMatchObject({ state: 'done', adjusted: true });
  const old = await databases.find('lossy');
  // RDS announces a change before it shows it, and the name waits for that anyway.
  const fresh = await waitFor('it is set up', async () => {
    const found = await databases.find(names.interim);
    return found?.settings.retentionDays === old?.settings.retentionDays && found;
  });
  const { tags, ...settings } = fresh.settings;
  expect({ ...old?.settings, ...settings, tags: {} }).toEqual({ ...old?.settings, tags: {} });
  expect(tags).toHaveProperty('drydock:restore');
  rds.fault({ operation: 'ModifyDBInstance', error: 'lost', times: 2 });
  expect(await work('swap-database')).toMatchObject({ state: 'done' });
  expect(await titles('lossy')).toEqual(['of the set']);
  expect(await titles(names.kept)).toEqual(['of later', 'of the set']);
  rds.fault({ operation: 'ModifyDBInstance', error: 'lost', times: 2 });
  expect(await work('swap-database', true)).toMatchObject({ state: 'done' });
  expect(await titles('lossy')).toEqual(['of later', 'of the set']);
  expect((await databases.find('lossy'))?.resourceId).toBe(old?.resourceId);
  expect((await databases.find(names.interim))?.resourceId).toBe(fresh.resourceId);
}, 60_000);

it('the database of a second comes by the log where the snapshot is gone', async () => {
  const { names, at } = await openDatabase('timely');
  const work = openWork({ ...names, source: { kind: 'time', at } });
  expect(await work('restore-database')).toMatchObject({ state: 'done' });
  expect(await work('swap-database')).toMatchObject({ state: 'done' });
  expect(await titles('timely')).toEqual(['of the set']);
}, 60_000);

it('an instance that comes to no good fails the step, and names its state', async () => {
  const { names, arn } = await openDatabase('broken');
  rds.endNext('creating', 'incompatible-restore');
  const work = openWork({ ...names, source: { kind: 'snapshot', arn } });
  expect(await work('restore-database')).toMatchObject({
    state: 'failed',
    message: 'broken-restore-1 is incompatible-restore',
  });
  expect(await titles('broken')).toEqual(['of later', 'of the set']);
}, 60_000);
