import { describe, expect, it } from 'vitest';
import { readHeldRun } from '../../../functions/backup/restore/reading/held-run.ts';
import { beginRun } from '../../../functions/backup/restore/run-life.ts';
import { restoreLock, restoreRunKey, restoreRunKind } from '../../../functions/records/backup/restore.ts';
import { createMemoryLedger } from '../../support/memory-ledger.ts';
import { buildExecution, buildPlan } from './restore-builders.ts';

const NOW = new Date('2026-03-01T12:00:00.000Z');
const PLACE = 'production';
const CARRIER = buildExecution('restore-1');

/** A run that restore-1 carries under the token 7; `token` has the lock now. */
const open = async (token: number) => {
  const ledger = createMemoryLedger();
  const run = beginRun(buildPlan(), { execution: CARRIER, fence: 7 }, NOW);
  await ledger.claim(restoreRunKind, restoreRunKey(PLACE), run);
  const held = { name: restoreLock(PLACE), owner: CARRIER.arn, token };
  const locks = {
    isHeld: async (name: string, owner: string, asked: number) =>
      name === held.name && owner === held.owner && asked === held.token,
  };
  const read = (execution: { readonly arn: string }) =>
    readHeldRun({ execution, restore: { place: PLACE, id: run.id } }, { ledger, locks });
  return { read, held, run };
};

describe('the run of a restore', () => {
  it('is in the hands of the execution that carries it', async () => {
    const { read, run } = await open(7);
    expect((await read(CARRIER))?.value).toEqual(run);
  });

  it.each<[string, number, string]>([
    ['another execution', 7, 'restore-2'],
    ['one that has lost its lock', 8, 'restore-1'],
  ])('is not in those of %s', async (_, token, name) => {
    const { read } = await open(token);
    expect(await read(buildExecution(name))).toBeUndefined();
  });

  it('is asked for anew before each change', async () => {
    const { read, held } = await open(7);
    const mine = await read(CARRIER);
    expect(await mine?.isOurs()).toBe(true);
    held.token = 8;
    expect(await mine?.isOurs()).toBe(false);
  });
});
