import { describe, expect, it } from 'vitest';
import { TransientError } from '../../../functions/runtime/errors.ts';
import { buildEntry } from '../../support/backup-sets.ts';
import { buildKept } from '../../support/backup-upkeep.ts';
import { createUpkeepSite, NIGHT } from '../../support/upkeep-site.ts';

/** A site of which `staging` was taken out of drydock.yaml, with so many sets left. */
const forsake = async (sets: number) => {
  const site = createUpkeepSite(buildKept({ production: { daily: {} } }));
  const kept = [24, 48, 72].slice(0, sets).map((age) => buildEntry(age));
  await site.add([buildEntry(24)]);
  await site.add(kept, { environment: 'staging' });
  await site.watch(366, 'staging');
  return site;
};

describe('an environment that is in drydock.yaml no more', () => {
  it('is told with what is left of it, once and not every night', async () => {
    const site = await forsake(2);
    await site.plan();
    await site.plan({}, 0, { ...NIGHT, name: 'night-2' });
    expect(site.notifier.published).toMatchObject([
      {
        id: 'backup-forsaken-staging',
        environment: 'staging',
        severity: 'warning',
        happened: expect.stringContaining('has 2 sets still'),
        next: expect.stringContaining('backup.environments'),
      },
    ]);
  });

  it.each([
    ['without any set', 0, {}],
    ['in a dry run', 2, { dryRun: true }],
    ['where the upkeep of one environment is asked for', 2, { environment: 'production' }],
  ])('is not told %s', async (_, sets, request) => {
    const site = await forsake(sets);
    await site.plan(request);
    expect(site.notifier.published).toEqual([]);
  });

  it('keeps no upkeep waiting when it can not be told', async () => {
    const site = await forsake(1);
    site.notifier.failing = new TransientError('notifier.unavailable', 'SNS is down.');
    expect(await site.plan()).toMatchObject({ environments: ['production'], outcome: 'all' });
  });
});
