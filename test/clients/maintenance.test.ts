import { beforeEach, describe, expect, it } from 'vitest';
import { type MaintenanceBook, openMaintenance } from '../../functions/clients/maintenance.ts';
import { maintenanceKey, maintenanceKind } from '../../functions/records/maintenance.ts';
import { createFixedClock } from '../support/fixed-clock.ts';
import { createMemoryLedger } from '../support/memory-ledger.ts';

const ledger = { current: createMemoryLedger() };
const clock = { current: createFixedClock('2026-11-21T12:00:00.000Z') };
let book: MaintenanceBook;
beforeEach(() => {
  ledger.current = createMemoryLedger();
  clock.current = createFixedClock('2026-11-21T12:00:00.000Z');
  book = openMaintenance(ledger.current, clock.current);
});

const hold = (owner: string): Promise<void> =>
  book.hold('blue', { owner, why: 'upgrade to 1.36', minutes: 30 });
const mark = async () => (await ledger.current.read(maintenanceKind, maintenanceKey('blue')))?.value;

describe('a mark of maintenance', () => {
  it('ends by itself, and is moved on by whoever works, from the same beginning', async () => {
    await hold('one');
    expect(await mark()).toMatchObject({
      since: '2026-11-21T12:00:00.000Z',
      until: '2026-11-21T12:30:00.000Z',
    });
    clock.current.advance(10 * 60_000);
    await hold('one');
    expect(await mark()).toMatchObject({
      since: '2026-11-21T12:00:00.000Z',
      until: '2026-11-21T12:40:00.000Z',
    });
  });

  it('of another that has not ended stays theirs', async () => {
    await hold('one');
    clock.current.advance(10 * 60_000);
    await hold('two');
    expect(await mark()).toMatchObject({ owner: 'one', until: '2026-11-21T12:30:00.000Z' });
  });

  it('of another that has ended is taken over, with a beginning of its own', async () => {
    await hold('one');
    clock.current.advance(30 * 60_000);
    await hold('two');
    expect(await mark()).toMatchObject({ owner: 'two', since: '2026-11-21T12:30:00.000Z' });
  });

  it('is taken away by its owner alone', async () => {
    await hold('one');
    await book.end('blue', 'two');
    expect(await mark()).toMatchObject({ owner: 'one' });
    await book.end('blue', 'one');
    expect(await mark()).toBeUndefined();
    await book.end('blue', 'one');
  });
});
