import { describe, expect, test } from 'vitest';
import {
  type ArchiveStanding,
  demandArchive,
  judgeStanding,
} from '../../../functions/backup/restore/archive-standing.ts';
import { act, plainTurn } from '../../../functions/backup/restore/step-turn.ts';
import type { ListedObject } from '../../../functions/clients/object-keys.ts';
import { RESTORE_SET } from './restore-facts.ts';

/** A restore replaces data only while the archive that was approved lies under its name. */

const BUCKET = 'acme-backups';
const [noted] = RESTORE_SET.parts.flatMap((part) => (part.kind === 'archive' ? [part.object] : []));
if (!noted) throw new Error('The fixture has an archive.');
const LISTED: ListedObject = {
  size: noted.size,
  etag: noted.etag,
  lastModified: '2026-11-22T01:00:00.000Z',
};
const WHERE = `s3://${BUCKET}/${noted.key}`;

describe('an archive', () => {
  test.each<[string, ListedObject | undefined, RegExp | undefined]>([
    ['with the size and entity tag of its set is the one', LISTED, undefined],
    [
      'of which the list writes the tag in quotes is the one',
      { ...LISTED, etag: `"${noted.etag}"` },
      undefined,
    ],
    [
      'that is not there is lost',
      undefined,
      /^There is no \S+ any more, the archive of set \S+ \(40000000000 bytes/,
    ],
    [
      'with one byte less is another',
      { ...LISTED, size: noted.size - 1 },
      /there lies 39999999999 bytes, ETag e,/,
    ],
    [
      'with another entity tag is another',
      { ...LISTED, etag: '"f"' },
      /there lies 40000000000 bytes, ETag f,/,
    ],
  ])('%s', (_, found, why) => {
    const standing = judgeStanding(RESTORE_SET, BUCKET, found);
    expect(standing.state).toBe(why ? 'lost' : 'there');
    if (standing.state !== 'lost' || !why) return;
    expect(standing.why).toMatch(why);
    for (const told of [
      WHERE,
      RESTORE_SET.id,
      `ETag ${noted.etag}`,
      'Nothing was destroyed.',
      'restore another set',
    ]) {
      expect(standing.why).toContain(told);
    }
  });

  test('that nobody has read has to be there under the name that the tool asks for, and no more', () => {
    const unread = { ...RESTORE_SET, parts: [] };
    expect(judgeStanding(unread, BUCKET, LISTED)).toEqual({ state: 'there' });
    expect(judgeStanding(unread, BUCKET, undefined)).toMatchObject({
      why: expect.stringContaining(`s3://${BUCKET}/${RESTORE_SET.id}_gitlab_backup.tar`),
    });
  });
});

describe('a turn', () => {
  const now = new Date('2026-11-22T10:00:00.000Z');
  const before = (minutes: number): string => new Date(now.getTime() - minutes * 60_000).toISOString();
  const turn = plainTurn(act('starts a Job'));
  const unknown: ArchiveStanding = { state: 'unknown', why: 'S3 is away.', now };

  test.each<[string, ArchiveStanding, string | undefined, string]>([
    ['passes with its archive', { state: 'there' }, before(60), 'act'],
    ['fails without it', { state: 'lost', why: 'It is gone.' }, undefined, 'failed'],
    ['waits at first where S3 does not answer', unknown, undefined, 'wait'],
    ['waits for ten minutes', unknown, before(9.9), 'wait'],
    ['fails after ten minutes, since people may be locked out', unknown, before(10), 'failed'],
  ])('%s', (_, standing, since, state) => {
    const judged = demandArchive(standing, { since }, turn);
    expect(judged.verdict.state).toBe(state);
    expect(JSON.stringify(judged.verdict)).toContain('why' in standing ? standing.why : 'starts a Job');
  });
});
