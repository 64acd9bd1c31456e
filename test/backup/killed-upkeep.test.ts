import { describe, expect, it } from 'vitest';
import { upkeepToldKey } from '../../functions/records/backup/upkeep.ts';
import { buildEntry, hoursAgo } from '../support/backup-sets.ts';
import { buildKept } from '../support/backup-upkeep.ts';
import { retried } from '../support/kill-switch.ts';
import { DEATHS, openKillTrial } from '../support/kill-trial.ts';
import { createUpkeepSite } from '../support/upkeep-site.ts';

const DAY = 24;
const aged = (days: number, readDaysAgo = 1) =>
  buildEntry(days * DAY, { verifiedAt: hoursAgo(readDaysAgo * DAY).toISOString() });
const [young, spoilt, old, older] = [aged(1), aged(12, 9), aged(40), aged(50)];
const ended = buildEntry(5, { state: 'running' });
const missed = aged(6);

/** A night in which everything happens: an ended run, an index that missed a set, a lost set, two deletions, a message. */
const passNight = async (call: number, answered: boolean) => {
  const site = createUpkeepSite(buildKept({ production: { daily: { retention: { days: 14, count: 1 } } } }));
  await site.add([young, spoilt, old, older, ended]);
  await site.addUnlisted(missed);
  await site.watch();
  site.kill.arm(call, answered);
  const plan = await retried(() => site.plan());
  await retried(() => site.verify(spoilt.id, 'corrupt'));
  const deleted = await retried(() => site.deleteOnce());
  await retried(() => site.tell());
  return { site, plan, deleted };
};

const summarise = async ({ site, plan, deleted }: Awaited<ReturnType<typeof passNight>>) => {
  const sets = await Promise.all([young, spoilt, old, older, ended, missed].map(({ id }) => site.read(id)));
  return {
    due: plan.sets.map(({ set }) => set.id),
    outcome: deleted.outcome,
    states: sets.map((set) => set?.state),
    listed: await site.listed(),
    removed: site.removal.removed,
    archives: site.removal.keys(),
    // SNS may repeat a message; its id tells.
    messages: [...new Set(site.notifier.published.map(({ id }) => id))],
    told: site.ledger.objects.get(upkeepToldKey('production')) !== undefined,
    isFree: (await site.locks.acquire('backup/production', 'other')).ok,
  };
};

const trial = await openKillTrial({ play: passNight, switchOf: ({ site }) => site.kill, summarise });

describe('a night without a death', () => {
  it('reads, deletes, puts right and tells', () => {
    expect(trial.well).toMatchObject({
      due: [spoilt.id],
      outcome: 'done',
      states: ['verified', 'corrupt', 'deleted', 'deleted', 'failed', 'verified'],
      messages: ['night-1-upkeep-production'],
      told: true,
      isFree: true,
    });
    expect(trial.whole.site.removal.removed).toHaveLength(2);
  });
});

describe.each(DEATHS)('a Lambda of the upkeep that is killed at any of its calls, %s,', (_, answered) => {
  it(`leaves what a night leaves in which nobody died (${trial.count(answered)})`, async () => {
    expect(await trial.run(answered)).toEqual(trial.expected(answered));
  });
});
