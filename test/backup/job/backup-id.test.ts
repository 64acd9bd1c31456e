import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { backupId, parseBackupId } from '../../../functions/backup/job/backup-id.ts';
import { parseArchiveName } from '../../../functions/clients/archive/archive-name.ts';

/** As the tool lists its archives; another shape is neither listed nor pruned. */
const PRUNED = /^\d{10}_\d{4}_\d{2}_\d{2}_.+_gitlab_backup.tar$/;

const seconds = fc.integer({ min: 1_000_000_000, max: 9_999_999_999 });
const milliseconds = fc.integer({ min: 0, max: 999 });
const part = fc.nat({ max: 99 });
const version = fc
  .tuple(part, part, part, fc.constantFrom('', '-ee', '-ce', '-pre', '-rc42-ee', '+ee.0'))
  .map(([major, minor, patch, edition]) => `${major}.${minor}.${patch}${edition}`);

test('the example of the documentation', () => {
  const time = new Date('2025-11-21T02:00:05.999Z');
  expect(backupId(time, '18.10.0-ee')).toBe('1763690405_2025_11_21_18.10.0-ee');
});

describe('of any time and version', () => {
  it('is seen by pruning, is the id of its archive, and is read back', () => {
    fc.assert(
      fc.property(seconds, milliseconds, version, (time, rest, of) => {
        const id = backupId(new Date(time * 1_000 + rest), of);
        expect(`${id}_gitlab_backup.tar`).toMatch(PRUNED);
        expect(parseBackupId(id)).toEqual({ startedAt: new Date(time * 1_000), version: of });
        const named = parseArchiveName(`${id}_gitlab_backup.tar`);
        expect(named).toMatchObject({ backupId: id, version: of, startedAt: new Date(time * 1_000) });
      }),
    );
  });

  it('sorts by time as names do, which is how the tool prunes', () => {
    fc.assert(
      fc.property(seconds, seconds, version, version, (one, other, a, b) => {
        fc.pre(one !== other);
        const ids = [backupId(new Date(one * 1_000), a), backupId(new Date(other * 1_000), b)];
        const sorted = one < other ? ids : ids.toReversed();
        expect(ids.toSorted()).toEqual(sorted);
      }),
    );
  });

  it('is a word that needs no quotes', () => {
    fc.assert(
      fc.property(seconds, version, (time, of) => {
        expect(backupId(new Date(time * 1_000), of)).toMatch(/^[\w.+-]+$/);
      }),
    );
  });
});

describe('refuses', () => {
  it.each([
    '',
    'latest',
    '18.10',
    '18.10.0/../x',
    '18.10.0-ee; reboot',
    '18.10.0-$(id)',
    '18.10.0-ee\n',
    `18.10.0-${'e'.repeat(60)}`,
  ])('version %j', (of) => {
    expect(() => backupId(new Date(), of)).toThrow(
      expect.objectContaining({ name: 'RefusedError', code: 'backup.id-unreadable' }),
    );
  });

  it.each(['1999-01-01T00:00:00Z', '2287-01-01T00:00:00Z', 'no time'])('time %s', (time) => {
    expect(() => backupId(new Date(time), '18.10.0-ee')).toThrow(/clock/);
  });
});

describe('reads nothing out of', () => {
  it.each([
    ['another name', 'nightly'],
    ['a day that is not that of its seconds', '1763690405_2025_11_22_18.10.0-ee'],
    ['nine digits', '999999999_2001_09_09_18.10.0-ee'],
    ['ten digits that begin with 0', '0999999999_2001_09_09_18.10.0-ee'],
    ['a version that is none', '1763690405_2025_11_21_nightly'],
    ['the name of the archive', '1763690405_2025_11_21_18.10.0-ee_gitlab_backup.tar'],
  ])('%s: %s', (_, id) => {
    expect(parseBackupId(id)).toBeUndefined();
  });

  it('any text that it would not write itself', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const read = parseBackupId(text);
        expect(read === undefined || backupId(read.startedAt, read.version) === text).toBe(true);
      }),
    );
  });
});
