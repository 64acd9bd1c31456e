import { describe, expect, it } from 'vitest';
import { judgeFreshness } from '../../../functions/backup/freshness/freshness.ts';
import { composeFreshnessNotice } from '../../../functions/backup/telling/freshness-notice.ts';
import type { Freshness } from '../../../functions/records/backup/freshness.ts';
import { Notice } from '../../../functions/records/message.ts';
import { renderMessage } from '../../../functions/rules/message-text.ts';
import { BACKUP_TIME, buildEntry, hoursAgo } from '../../support/backup-sets.ts';

const judge = (hours: number | undefined, changes: object = {}): Freshness =>
  judgeFreshness(
    {
      policy: 'daily',
      limitHours: 26,
      since: hoursAgo(900).toISOString(),
      sets: hours === undefined ? [] : [buildEntry(hours)],
      ...changes,
    },
    BACKUP_TIME,
  );
const late = (now: Freshness) => composeFreshnessNotice('production', { kind: 'late', now }, BACKUP_TIME);

describe('the alarm about old backups', () => {
  it.each<[string, Freshness, string]>([
    [
      'late',
      judge(40),
      'Drydock critical (production): No verified backup of production (policy daily) in 26 hours.',
    ],
    [
      'never',
      judge(undefined, { policy: undefined }),
      'Drydock critical (production): Never a verified backup of production, and 26 hours are over.',
    ],
    [
      'unknown',
      judge(undefined, { policy: undefined, unread: 'no right' }),
      'Drydock critical (production): Whether there is a fresh backup of production can not be told.',
    ],
  ])('that is %s has its subject line', (state, now, subject) => {
    const notice = Notice.parse(late(now));
    expect(renderMessage(notice).subject).toBe(subject);
    expect(notice).toMatchObject({
      outcome: `freshness-${state}`,
      severity: 'critical',
      reasons: [now.text],
    });
  });

  it('is told once however often it is looked at, and again of the next time', () => {
    const again = judgeFreshness(
      { policy: 'daily', limitHours: 26, since: undefined, sets: [buildEntry(40)] },
      new Date(BACKUP_TIME.getTime() + 3_600_000),
    );
    expect(late(again).id).toBe(late(judge(40)).id);
    expect(late(judge(41)).id).not.toBe(late(judge(40)).id);
    expect(late(judge(40, { policy: 'hourly' })).id).not.toBe(late(judge(40)).id);
    expect(late(judge(40, { policy: undefined })).id).not.toBe(late(judge(40)).id);
  });

  it('is told again of a set that is the last one again, since a newer one was found corrupt', () => {
    const lateAgain = (before: Freshness) =>
      composeFreshnessNotice('production', { kind: 'late', now: judge(40), before }, BACKUP_TIME).id;
    expect(lateAgain(judge(20))).not.toBe(lateAgain(judge(10)));
    expect(lateAgain(judge(20))).toBe(lateAgain(judge(20)));
  });

  it('fits the longest names', () => {
    const name = 'n'.repeat(40);
    const now = judge(40, { policy: name });
    const notice = composeFreshnessNotice(name, { kind: 'recovered', now, before: judge(90) }, BACKUP_TIME);
    expect(Notice.safeParse(notice).success).toBe(true);
  });

  it('ends with how long it was so', () => {
    const [before, now] = [judge(40), judge(1)];
    const notice = composeFreshnessNotice('production', { kind: 'recovered', now, before }, BACKUP_TIME);
    expect(Notice.parse(notice)).toMatchObject({
      severity: 'info',
      outcome: 'freshness-recovered',
      happened: 'There is a fresh backup of production (policy daily) again.',
      reasons: [now.text, 'It was so for 14 h.'],
    });
  });
});
