import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { type Ledger, updateRecord } from '../../../functions/clients/ledger.ts';
import { openLocks } from '../../../functions/clients/locks.ts';
import { systemClock } from '../../../functions/runtime/clock.ts';
import { DefectError } from '../../../functions/runtime/errors.ts';

const counterKind = { name: 'counter', schema: z.object({ version: z.literal(1), count: z.int() }) };
const count = (value: number) => ({ version: 1 as const, count: value });

/**
 * What every ledger promises, the fake of the fast tests and the real one on S3 alike.
 *
 * @param open gives the ledger and a prefix that nobody else uses.
 */
export const describeLedger = (name: string, open: () => { ledger: Ledger; prefix: string }): void => {
  describe(`the ${name} ledger`, () => {
    it('reads nothing where nothing lies', async () => {
      const { ledger, prefix } = open();
      expect(await ledger.read(counterKind, `${prefix}/none.json`)).toBeUndefined();
    });

    it('claims a key once, and the first value stays', async () => {
      const { ledger, prefix } = open();
      const key = `${prefix}/claim.json`;
      expect(await ledger.claim(counterKind, key, count(1))).toMatchObject({ ok: true });
      expect(await ledger.claim(counterKind, key, count(2))).toEqual({ ok: false, reason: 'exists' });
      expect((await ledger.read(counterKind, key))?.value.count).toBe(1);
    });

    it('changes the version that was read, and refuses a stale one', async () => {
      const { ledger, prefix } = open();
      const key = `${prefix}/change.json`;
      await ledger.claim(counterKind, key, count(1));
      const read = await ledger.read(counterKind, key);
      const etag = read?.etag ?? '';
      expect(await ledger.change(counterKind, key, etag, count(2))).toMatchObject({ ok: true });
      expect(await ledger.change(counterKind, key, etag, count(3))).toEqual({ ok: false, reason: 'changed' });
      expect((await ledger.read(counterKind, key))?.value.count).toBe(2);
    });

    it('the etag of a write is the one that the next change must name', async () => {
      const { ledger, prefix } = open();
      const key = `${prefix}/etag.json`;
      const claimed = await ledger.claim(counterKind, key, count(1));
      const changed = await ledger.change(counterKind, key, claimed.ok ? claimed.etag : '', count(2));
      expect(await ledger.change(counterKind, key, changed.ok ? changed.etag : '', count(3))).toMatchObject({
        ok: true,
      });
    });

    it('does not bring back what was removed', async () => {
      const { ledger, prefix } = open();
      const key = `${prefix}/removed.json`;
      const claimed = await ledger.claim(counterKind, key, count(1));
      await ledger.remove(key);
      await ledger.remove(key);
      const changed = await ledger.change(counterKind, key, claimed.ok ? claimed.etag : '', count(2));
      expect(changed).toEqual({ ok: false, reason: 'deleted' });
      expect(await ledger.read(counterKind, key)).toBeUndefined();
    });

    it('lists keys in byte order, after a key, up to a limit', async () => {
      const { ledger, prefix } = open();
      const keys = ['b', 'B', 'a/2', 'a/10', 'c'].map((tail) => `${prefix}/list/${tail}`);
      for (const key of keys) await ledger.claim(counterKind, key, count(1));
      const all = await Array.fromAsync(ledger.list(`${prefix}/list/`));
      expect(all).toEqual(['B', 'a/10', 'a/2', 'b', 'c'].map((tail) => `${prefix}/list/${tail}`));
      const some = await Array.fromAsync(ledger.list(`${prefix}/list/`, { after: all[0] ?? '', limit: 2 }));
      expect(some).toEqual(all.slice(1, 3));
    });

    it('does not write what no reader could parse', async () => {
      const { ledger, prefix } = open();
      const key = `${prefix}/unwritable.json`;
      await expect(ledger.claim(counterKind, key, count(1.5))).rejects.toThrow(DefectError);
      expect(await ledger.read(counterKind, key)).toBeUndefined();
    });

    it('reports a record of another version instead of guessing', async () => {
      const { ledger, prefix } = open();
      const key = `${prefix}/version.json`;
      const tomorrow = { name: 'counter', schema: z.object({ version: z.literal(9) }) };
      await ledger.claim(tomorrow, key, { version: 9 });
      await expect(ledger.read(counterKind, key)).rejects.toMatchObject({ code: 'ledger.unreadable' });
    });

    it('20 writers on one record lose no update', async () => {
      const { ledger, prefix } = open();
      const key = `${prefix}/race.json`;
      const add = () =>
        updateRecord(ledger, counterKind, key, (now) => count((now?.count ?? 0) + 1), systemClock);
      await Promise.all(Array.from({ length: 20 }, add));
      expect((await ledger.read(counterKind, key))?.value.count).toBe(20);
    });

    it('20 who want one lock: one gets it, and the others see who', async () => {
      const { ledger, prefix } = open();
      const locks = openLocks(ledger, systemClock);
      const owners = Array.from({ length: 20 }, (_, index) => `owner-${index}`);
      const answers = await Promise.all(owners.map((owner) => locks.acquire(`${prefix}/lock`, owner)));
      expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
      expect(new Set(answers.map(({ lock }) => lock.owner)).size).toBe(1);
    });

    it('a lock that changes hands has a higher fencing token, and the old holder holds it no more', async () => {
      const { ledger, prefix } = open();
      const locks = openLocks(ledger, systemClock);
      const name = `${prefix}/fence`;
      const first = await locks.acquire(name, 'first');
      const again = await locks.acquire(name, 'first');
      await locks.release(name, 'first');
      const second = await locks.acquire(name, 'second');
      expect(again.lock.token).toBe(first.lock.token);
      expect(second.lock.token).toBe(first.lock.token + 1);
      expect(await locks.isHeld(name, 'first', first.lock.token)).toBe(false);
      expect(await locks.isHeld(name, 'second', second.lock.token)).toBe(true);
    });

    it('releasing a lock that somebody else holds by now leaves it theirs', async () => {
      const { ledger, prefix } = open();
      const locks = openLocks(ledger, systemClock);
      const name = `${prefix}/release`;
      await locks.acquire(name, 'first');
      await locks.release(name, 'first');
      const { lock } = await locks.acquire(name, 'second');
      await locks.release(name, 'first');
      expect(await locks.isHeld(name, 'second', lock.token)).toBe(true);
    });
  });
};
