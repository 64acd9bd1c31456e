import { describe, expect, it } from 'vitest';
import type { BackupSetEntry } from '../../functions/records/backup/set-index.ts';
import { Notice } from '../../functions/records/message.ts';
import { renderMessage } from '../../functions/rules/message-text.ts';
import { DefectError, RefusedError, TransientError } from '../../functions/runtime/errors.ts';
import { buildEntry, hoursAgo } from '../support/backup-sets.ts';
import { buildKept } from '../support/backup-upkeep.ts';
import { createUpkeepSite, NIGHT, type UpkeepSite } from '../support/upkeep-site.ts';

const DAY = 24;
const night = (number: number) => ({ ...NIGHT, name: `night-${number}` });
/** Verified when it was made, and due again. */
const dueSet = (days: number, changes: Partial<BackupSetEntry> = {}) =>
  buildEntry(days * DAY, { verifiedAt: hoursAgo(days * DAY - 1).toISOString(), ...changes });
const fresh = (days: number, changes: Partial<BackupSetEntry> = {}) =>
  buildEntry(days * DAY, { verifiedAt: hoursAgo(1).toISOString(), ...changes });
const MISSING = {
  code: 'part-missing',
  result: 'incomplete',
  subject: 'uploads.tar.gz',
  message: 'It is not in it.',
} as const;

/** A whole night: what is read is found as told, what is to go goes. */
const pass = async (
  site: UpkeepSite,
  number = 1,
  found: (site: UpkeepSite) => Promise<void> = async () => undefined,
) => {
  await site.plan({}, 0, night(number));
  await found(site);
  await site.deleteOnce(undefined, () => 60_000, night(number));
  return site.tell(night(number));
};
const createSite = async (entries: readonly BackupSetEntry[], days = 366, keptDays = 14) => {
  const retention = { days: keptDays, count: 1 };
  const site = createUpkeepSite(buildKept({ production: { daily: { retention } } }));
  await site.add(entries);
  await site.watch(days);
  return site;
};
const subjects = (site: UpkeepSite) => site.notifier.published.map((notice) => renderMessage(notice).subject);
const last = (site: UpkeepSite) => Notice.parse(site.notifier.published.at(-1));

describe('after a night', () => {
  it('in which everything was as it should be nobody hears of it', async () => {
    const [set, other] = [dueSet(9), fresh(1)];
    const site = await createSite([set, other]);
    const [told] = await pass(site, 1, () => site.verify(set.id, 'verified'));
    expect(told).toEqual({
      environment: 'production',
      verified: 1,
      lost: 0,
      deleted: 0,
      wouldDelete: 0,
      notices: [],
    });
    expect(site.notifier.published).toEqual([]);
  });

  it('in which a set turned out not to be whole any more a person is woken', async () => {
    const [set, other] = [dueSet(9), fresh(1)];
    const site = await createSite([set, other]);
    const [told] = await pass(site, 1, () => site.verify(set.id, 'incomplete', [MISSING]));
    expect(told).toMatchObject({ lost: 1, notices: ['night-1-upkeep-production'] });
    expect(subjects(site)).toEqual([
      'Drydock critical (production): A backup of production that was verified is incomplete now.',
    ]);
    expect(last(site).reasons).toEqual([
      `Set ${set.id} of policy daily is incomplete: uploads.tar.gz: It is not in it.`,
      `The newest backup of production that counts is ${other.id}, of ${other.takenAt}.`,
    ]);
  });

  it('in which the last one went is told that there is none', async () => {
    const set = dueSet(9);
    const site = await createSite([set]);
    await pass(site, 1, () => site.verify(set.id, 'corrupt'));
    expect(last(site)).toMatchObject({ severity: 'critical', outcome: 'sets-lost' });
    expect(last(site).reasons).toContain('There is no backup of production that counts.');
  });

  it.each(['incomplete', 'corrupt'] as const)(
    'in which a set that nobody had read is %s a person is woken',
    async (verdict) => {
      const set = dueSet(2, { state: 'not-checked' });
      const site = await createSite([set, fresh(1)]);
      await pass(site, 1, () => site.verify(set.id, verdict));
      expect(last(site)).toMatchObject({ severity: 'critical', outcome: 'sets-broken' });
    },
  );

  it.each(['not-checked', 'verified'] as const)(
    'in which a set that could not be checked is %s nobody is',
    async (verdict) => {
      const set = dueSet(2, { state: 'not-checked' });
      const site = await createSite([set, fresh(1)]);
      await pass(site, 1, () => site.verify(set.id, verdict));
      expect(site.notifier.published).toEqual([]);
    },
  );

  it('that is told again nobody hears it twice', async () => {
    const set = dueSet(9);
    const site = await createSite([set, fresh(1)]);
    await pass(site, 1, () => site.verify(set.id, 'corrupt'));
    await site.tell(night(1));
    expect(site.notifier.published).toHaveLength(1);
  });

  it('without a plan is our defect', async () => {
    const site = await createSite([]);
    await expect(site.tell()).rejects.toThrow(DefectError);
  });
});

describe('deletions', () => {
  it('that are only reported yet are told once, with their end', async () => {
    const site = await createSite([fresh(1), fresh(20), fresh(30)], 10);
    await pass(site, 1);
    await pass(site, 2);
    expect(subjects(site)).toEqual([
      'Drydock info (production): Old backups of production would be deleted, and are only reported yet.',
    ]);
    expect(last(site).reasons[0]).toMatch(
      /^Would be deleted of policy daily: .*, .*only reported until 2026-12-11/,
    );
  });

  it('are told the first time, and then no more', async () => {
    const site = await createSite([fresh(1), fresh(20)]);
    expect(await pass(site, 1)).toMatchObject([{ deleted: 1 }]);
    await site.add([fresh(30)]);
    expect(await pass(site, 2)).toMatchObject([{ deleted: 1 }]);
    expect(subjects(site)).toEqual([
      'Drydock info (production): Old backups of production are deleted from now on.',
    ]);
    expect(last(site).reasons[0]).toContain(fresh(20).id);
  });

  it('of a dry run are told nobody', async () => {
    const site = await createSite([fresh(1), fresh(20)]);
    await site.plan({ dryRun: true });
    expect(await site.tell()).toMatchObject([{ wouldDelete: 1, notices: [] }]);
  });

  it('that a lock refuses are told nobody, night after night', async () => {
    const site = await createSite([fresh(1)]);
    await site.addUnlisted(fresh(20));
    site.removal.put(
      'production-backups',
      `${fresh(20).id}_gitlab_backup.tar`,
      'v1',
      hoursAgo(-48).toISOString(),
    );
    site.removal.tellsLocks = false;
    for (const number of [1, 2, 3]) await pass(site, number);
    expect(site.removal.removed).toEqual([]);
    expect(site.notifier.published).toEqual([]);
  });

  it('for which a right is missing are told once, and again when it is missing again', async () => {
    const site = await createSite([fresh(1), fresh(20)]);
    const deny = async () => {
      throw new RefusedError('archive.forbidden', 'No right to s3:DeleteObjectVersion.');
    };
    site.removal.beforeRemoval = deny;
    await pass(site, 1);
    await pass(site, 2);
    expect(last(site)).toMatchObject({ severity: 'warning', outcome: 'upkeep-trouble' });
    expect(last(site).reasons).toEqual([
      `Set ${fresh(20).id} could not be deleted: No right to s3:DeleteObjectVersion.`,
    ]);
    expect(site.notifier.published).toHaveLength(1);
    site.removal.beforeRemoval = async () => undefined;
    await pass(site, 3);
    await site.add([fresh(20.5)]);
    site.removal.beforeRemoval = deny;
    await pass(site, 4);
    expect(site.notifier.published.map(({ outcome }) => outcome)).toEqual([
      'upkeep-trouble',
      'deletions-begun',
      'upkeep-trouble',
    ]);
  });
});

describe('what needs a person', () => {
  it('is a run that ended without a word', async () => {
    const site = await createSite([fresh(1), buildEntry(5, { state: 'running' })]);
    await pass(site);
    expect(last(site)).toMatchObject({ severity: 'warning' });
    expect(last(site).reasons[0]).toMatch(/^Set .* was noted as failed\. Step Functions knows no execution/);
  });

  it('is a set that could not be read for twice the interval', async () => {
    const site = await createSite([dueSet(13), fresh(1)], 366, 100);
    await pass(site, 1);
    expect(site.notifier.published).toEqual([]);
    site.clock.advance(2 * DAY * 3_600_000);
    await pass(site, 2);
    expect(last(site).reasons).toEqual([
      expect.stringMatching(/every 7 days were not read for twice as long/),
    ]);
  });

  it('is told with everything else in one message that fits', async () => {
    const sets = Array.from({ length: 30 }, (_, index) => dueSet(9 + index / DAY));
    const site = await createSite([...sets, fresh(1)]);
    await pass(site, 1, async () => {
      for (const { id } of sets) await site.verify(id, 'corrupt');
    });
    expect(site.notifier.published).toHaveLength(1);
    expect(last(site).reasons).toHaveLength(20);
    expect(last(site).reasons.at(-1)).toMatch(
      /^and 12 more, with the plan of the night in backup\/upkeep\/production/,
    );
  });

  it('is told under an id that fits the longest names', async () => {
    const environment = 'e'.repeat(40);
    const site = createUpkeepSite(buildKept({ [environment]: { daily: {} } }));
    await site.add([dueSet(9)], { environment });
    const execution = { ...NIGHT, name: 'n'.repeat(80) };
    await site.plan({}, 0, execution);
    await site.verify(dueSet(9).id, 'corrupt', [], environment);
    await site.tell(execution);
    expect(last(site).id).toHaveLength(128);
  });

  it('is told by the next call when it could not be sent', async () => {
    const set = dueSet(9);
    const site = await createSite([set, fresh(1)]);
    await site.plan();
    await site.verify(set.id, 'corrupt');
    site.notifier.failing = new TransientError('notifier.unavailable', 'SNS is down.');
    await expect(site.tell()).rejects.toThrow('SNS is down.');
    site.notifier.failing = undefined;
    await site.tell();
    expect(site.notifier.published).toHaveLength(1);
  });
});
