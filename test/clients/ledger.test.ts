import { expect, it } from 'vitest';
import * as z from 'zod';
import { updateRecord } from '../../functions/clients/ledger.ts';
import { systemClock } from '../../functions/runtime/clock.ts';
import { createMemoryLedger } from '../support/memory-ledger.ts';
import { describeLedger } from './contracts/ledger.contract.ts';

describeLedger('in-memory', () => ({ ledger: createMemoryLedger(), prefix: 'test' }));

it('an update that others beat each time ends as transient, with nothing written', async () => {
  const ledger = createMemoryLedger();
  const kind = { name: 'counter', schema: z.object({ count: z.int() }) };
  const beaten = { ...ledger, change: async () => ({ ok: false as const, reason: 'changed' as const }) };
  await ledger.claim(kind, 'key', { count: 1 });
  const clock = { ...systemClock, sleep: async () => undefined };
  await expect(updateRecord(beaten, kind, 'key', () => ({ count: 2 }), clock)).rejects.toMatchObject({
    name: 'TransientError',
    code: 'ledger.contended',
  });
  expect((await ledger.read(kind, 'key'))?.value.count).toBe(1);
});
