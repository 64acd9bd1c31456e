import { expect, test } from 'vitest';
import { workOnDatabase } from '../../../../functions/backup/restore/native/database-work.ts';
import { tryOf } from '../../../../functions/backup/restore/native/native-facts.ts';
import { workOnVersions } from '../../../../functions/backup/restore/native/versions-work.ts';
import { beginRun } from '../../../../functions/backup/restore/run-life.ts';
import { createNativeSite, INSTANCE, UPLOADS } from '../../../support/native-site.ts';
import { buildExecution, buildPlan } from '../restore-builders.ts';

/** A Lambda that was taken for dead may live on for minutes: what it would change is another execution's by then. */

const signal = new AbortController().signal;
const currentOf = (step: 'restore-database' | 'swap-database' | 'restore-objects') =>
  ({ way: 'restore', step, attempt: 1, since: undefined, back: false }) as const;

test.each([
  [true, 1],
  [false, 0],
])('RDS is asked for a change only by whoever has the place: %s', async (isMine, changes) => {
  for (const step of ['restore-database', 'swap-database'] as const) {
    const { databaseRestore, clock, names } = await createNativeSite();
    const now = clock.now();
    const source = { kind: 'snapshot', arn: 'arn:aws:rds:eu-central-1:111122223333:snapshot:x' } as const;
    const database = { instance: INSTANCE, source, ...names };
    const run = beginRun(buildPlan(), { execution: buildExecution(), fence: 1 }, now);
    if (step === 'swap-database') databaseRestore.put(names.interim);
    const [old, fresh] = [await databaseRestore.find(INSTANCE), await databaseRestore.find(names.interim)];
    const ids = { old: old?.resourceId, fresh: fresh?.resourceId };
    const at = now.toISOString();
    const before =
      ids.old === undefined || ids.fresh === undefined
        ? undefined
        : {
            version: 1 as const,
            ...tryOf(currentOf(step)),
            startedAt: at,
            readAt: at,
            state: 'waiting' as const,
            message: '',
            adjusted: true,
            old: ids.old,
            fresh: ids.fresh,
          };
    const tools = { databases: databaseRestore, isOurs: async () => isMine };
    const fact = await workOnDatabase(
      { run, current: currentOf(step), database, before, now },
      tools,
      signal,
    );
    expect([step, databaseRestore.asked.length, fact !== undefined]).toEqual([step, changes, isMine]);
  }
});

test('no object is changed by whoever has lost the place', async () => {
  const { bucket, before, deps, native, clock } = await createNativeSite();
  const at = clock.now().toISOString();
  const run = beginRun(buildPlan(), { execution: buildExecution(), fence: 1 }, clock.now());
  const task = {
    run,
    current: currentOf('restore-objects'),
    native: { buckets: [{ component: 'uploads' as const, bucket: UPLOADS, at: native.takenAt ?? at }] },
    fact: {
      version: 1 as const,
      ...tryOf(currentOf('restore-objects')),
      startedAt: at,
      readAt: at,
      bucket: 0,
      isDone: false,
      keys: 0,
      copied: 0,
      marked: 0,
    },
  };
  const tools = {
    versions: deps.versions(),
    copier: deps.copier(),
    isOver: () => false,
    keep: async <T>(fact: T): Promise<T> => fact,
  };
  expect(await workOnVersions(task, { ...tools, isOurs: async () => false }, signal)).toBeUndefined();
  expect(bucket.state()).toEqual(before);
  expect(await workOnVersions(task, { ...tools, isOurs: async () => true }, signal)).toBeDefined();
  expect(bucket.state()).not.toEqual(before);
});
