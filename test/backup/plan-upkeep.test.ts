import { describe, expect, it } from 'vitest';
import { Input } from '../../functions/backup/plan-upkeep.contract.ts';
import { backupSetKey } from '../../functions/records/backup/set.ts';
import { backupSetIndexKey, backupSetIndexKind } from '../../functions/records/backup/set-index.ts';
import { DUE_PAGE, MAX_DUE_SETS } from '../../functions/records/backup/upkeep.ts';
import { verifiedBackupKey, verifiedBackupKind } from '../../functions/records/verified-backup.ts';
import { RefusedError, TransientError } from '../../functions/runtime/errors.ts';
import { buildEntry, hoursAgo } from '../support/backup-sets.ts';
import { buildKept } from '../support/backup-upkeep.ts';
import { buildNotice } from '../support/notice-builder.ts';
import { createUpkeepSite, NIGHT } from '../support/upkeep-site.ts';

const DAY = 24;
const days = (...ages: number[]) =>
  ages.map((age) => buildEntry(age * DAY, { verifiedAt: hoursAgo(1).toISOString() }));

describe('the plan of a night', () => {
  it('writes down of every set what becomes of it, and why', async () => {
    const site = createUpkeepSite(
      buildKept({ production: { daily: { retention: { days: 14, count: 2 } } } }),
    );
    const [young, older, old] = days(1, 9, 40);
    await site.add([young, older, old].flatMap((one) => one ?? []));
    await site.watch();
    expect(await site.plan()).toEqual({
      environments: ['production'],
      sets: [],
      outcome: 'all',
      from: 0,
      due: 0,
    });
    const { decisions, dryRun } = await site.readPlan();
    expect(dryRun).toBe(false);
    expect(decisions.map(({ set, action, state }) => [set, action, state])).toEqual([
      [young?.id, 'keep', 'verified'],
      [older?.id, 'keep', 'verified'],
      [old?.id, 'delete', 'verified'],
    ]);
    expect(decisions[2]?.reason).toMatch(/older than 14 days/);
  });

  it('has nothing read again that goes in the same night', async () => {
    const site = createUpkeepSite(
      buildKept({ production: { daily: { retention: { days: 14, count: 1 } } } }),
    );
    const [young, old] = [buildEntry(9 * DAY), buildEntry(40 * DAY)];
    await site.add([young, old]);
    await site.watch();
    expect((await site.plan()).sets.map(({ set }) => set.id)).toEqual([young.id]);
    expect((await site.plan({ dryRun: true }, 0, { ...NIGHT, name: 'night-2' })).sets).toHaveLength(2);
  });

  it.each<[string, number, object, string]>([
    ['in a dry run', 366, { dryRun: true }, 'This is a dry run.'],
    ['in the first 30 days of a policy', 29, {}, 'the first 30 days'],
    ['after them', 31, {}, ''],
  ])('only reports %s what would be deleted', async (_, age, request, why) => {
    const site = createUpkeepSite(
      buildKept({ production: { daily: { retention: { days: 14, count: 1 } } } }),
    );
    await site.add(days(1, 40));
    await site.watch(age);
    await site.plan(request);
    const decision = (await site.readPlan()).decisions[1];
    expect(decision?.action).toBe(why === '' ? 'delete' : 'would-delete');
    expect(decision?.reason).toContain(why);
  });

  it('keeps sets of a policy that drydock.yaml does not name any more, and says so', async () => {
    const site = createUpkeepSite();
    await site.add([...days(1), ...days(400).map((entry) => ({ ...entry, policy: 'monthly' }))]);
    await site.watch(366, 'production', 'monthly');
    await site.watch(366, 'production', 'without-sets');
    await site.plan();
    const [, kept] = (await site.readPlan()).decisions;
    expect(kept).toMatchObject({ policy: 'monthly', action: 'keep' });
    expect(kept?.reason).toMatch(/not in the configuration any more|last verified set/);
    expect((await site.readPlan()).problems).toEqual([
      expect.stringMatching(/^The policy monthly is in drydock.yaml no more, so its sets are kept for good/),
    ]);
  });

  it('deletes nothing of an environment of which it can not read a manifest, and says so', async () => {
    const site = createUpkeepSite(
      buildKept({ production: { daily: { retention: { days: 14, count: 1 } } } }),
    );
    await site.add(days(1, 40));
    await site.watch();
    const key = backupSetKey('production', buildEntry(2 * DAY).id);
    await site.ledger.claim(backupSetIndexKind, key, {
      version: 1,
      environment: 'x',
      policy: 'y',
      since: NIGHT.startedAt,
      sets: [],
    });
    await site.plan();
    const { decisions, problems } = await site.readPlan();
    expect(decisions.map(({ action }) => action)).toEqual(['keep', 'would-delete']);
    expect(problems).toEqual([
      expect.stringMatching(/not of a version .*Until then nothing of production is deleted/),
    ]);
  });

  it('is made once an execution, so that a repeat goes by the same', async () => {
    const site = createUpkeepSite();
    await site.add(days(1));
    await site.plan();
    const first = await site.readPlan();
    await site.add(days(2));
    await site.plan();
    expect(await site.readPlan()).toEqual(first);
  });

  it('is of one environment when that is named, and of no unknown one', async () => {
    const site = createUpkeepSite(buildKept({ production: { daily: {} }, staging: { daily: {} } }));
    expect((await site.plan({ environment: 'staging' })).environments).toEqual(['staging']);
    await expect(site.plan({ environment: 'prod' })).rejects.toThrow(
      new RefusedError(
        'backup.unknown',
        'drydock.yaml has no backup of an environment prod; it has: production, staging.',
      ),
    );
    expect(Input.safeParse({ execution: NIGHT, request: { env: 'x' } }).error?.message).toContain('dryRun');
  });
});

describe('what a Lambda that died left behind', () => {
  it('a set that runs nowhere has failed, and the gate does not wait for it', async () => {
    const site = createUpkeepSite();
    const [gone, running] = [buildEntry(5, { state: 'running' }), buildEntry(4, { state: 'running' })];
    await site.add([gone, running]);
    const at = {
      startedAt: hoursAgo(4),
      stoppedAt: undefined,
      output: undefined,
      error: undefined,
      cause: undefined,
    };
    site.executions.states.set((await site.read(running.id))?.execution.arn ?? '', {
      status: 'running',
      ...at,
    });
    await site.plan();
    expect(await site.read(gone.id)).toMatchObject({ state: 'failed', failure: { code: 'execution-ended' } });
    expect(await site.read(running.id)).toMatchObject({ state: 'running' });
    const { ended, problems } = await site.readPlan();
    expect(problems).toEqual([]);
    expect(ended).toEqual([
      { set: gone.id, policy: 'daily', reason: expect.stringMatching(/knows no execution/) },
    ]);
  });

  it('an index that missed a set has it again, and the gate goes by it', async () => {
    const site = createUpkeepSite();
    const [lost] = days(1);
    await site.addUnlisted(lost ?? buildEntry(1));
    await site.plan();
    expect(await site.listed()).toEqual([lost?.id]);
    expect((await site.ledger.read(verifiedBackupKind, verifiedBackupKey('production')))?.value.set).toBe(
      lost?.id,
    );
    expect((await site.readPlan()).relisted).toEqual([lost?.id]);
  });

  it('an entry whose manifest is gone counts no longer', async () => {
    const site = createUpkeepSite();
    const [there, gone] = days(2, 1);
    await site.add([there, gone].flatMap((one) => one ?? []));
    await site.ledger.remove(backupSetKey('production', gone?.id ?? ''));
    await site.plan();
    expect(await site.listed()).toEqual([there?.id]);
    expect((await site.readPlan()).decisions.map(({ set }) => set)).toEqual([there?.id]);
  });

  it('the count of sets that found no room is corrected', async () => {
    const site = createUpkeepSite();
    await site.add(days(1));
    const key = backupSetIndexKey('production', 'daily');
    const index = await site.ledger.read(backupSetIndexKind, key);
    await site.ledger.change(backupSetIndexKind, key, index?.etag ?? '', {
      ...index?.value,
      left: 7,
    } as never);
    await site.plan();
    expect((await site.ledger.read(backupSetIndexKind, key))?.value.left).toBe(0);
  });

  it('what can not be asked is told, and hides nothing else', async () => {
    const site = createUpkeepSite();
    await site.add([buildEntry(5, { state: 'running' })]);
    site.executions.describe = async () => {
      throw new TransientError('executions.unavailable', 'Step Functions is busy or down.');
    };
    await site.plan();
    expect((await site.readPlan()).problems).toEqual(['Step Functions is busy or down.']);
  });

  it('a message that was not sent is sent', async () => {
    const site = createUpkeepSite();
    site.notifier.failing = new TransientError('notifier.unavailable', 'SNS is down.');
    const notice = buildNotice({ at: hoursAgo(2).toISOString() });
    await site.outbox.tell(notice).catch(() => undefined);
    await site.plan();
    site.notifier.failing = undefined;
    await site.plan();
    expect(site.notifier.published.map(({ id }) => id)).toEqual([notice.id]);
  });
});

describe('sets that are read again', () => {
  const many = (count: number) =>
    Array.from({ length: count }, (_, index) =>
      buildEntry(24 + index, { verifiedAt: hoursAgo(8 * DAY + index).toISOString() }),
    );

  it('come page by page, those first that were read longest ago, each once', async () => {
    const site = createUpkeepSite(buildKept({ production: { daily: { retention: { days: 100 } } } }));
    const sets = many(DUE_PAGE + 20);
    for (const set of sets) await site.addUnlisted(set);
    const first = await site.plan();
    expect(first).toMatchObject({ outcome: 'more', from: DUE_PAGE, due: DUE_PAGE + 20 });
    const second = await site.plan({}, first.from);
    expect(second).toMatchObject({ outcome: 'all', from: DUE_PAGE + 20 });
    const given = [...first.sets, ...second.sets];
    expect(given.map(({ set }) => set.id)).toEqual(sets.map(({ id }) => id).toReversed());
    expect(new Set(given.map(({ name }) => name)).size).toBe(sets.length);
    for (const { name } of given) expect(name).toMatch(/^[0-9A-Za-z_-]{1,80}$/);
  });

  it('are no more than a night takes, over all environments', async () => {
    const kept = buildKept({ production: { daily: { retention: { days: 100 } } }, staging: { daily: {} } });
    const site = createUpkeepSite(kept);
    for (const set of many(MAX_DUE_SETS)) await site.addUnlisted(set);
    for (const set of many(3)) await site.addUnlisted(set, { environment: 'staging' });
    expect((await site.plan()).due).toBe(MAX_DUE_SETS);
    expect((await site.readPlan()).postponed + (await site.readPlan('staging')).postponed).toBe(3);
  });

  it('wait for the next night when this one has taken twelve hours', async () => {
    const site = createUpkeepSite(buildKept({ production: { daily: { retention: { days: 100 } } } }));
    for (const set of many(DUE_PAGE + 1)) await site.addUnlisted(set);
    await site.plan();
    site.clock.advance(12 * 3_600_000 + 1);
    expect(await site.plan({}, DUE_PAGE)).toMatchObject({ outcome: 'all', sets: [] });
  });

  it('fit a payload with the longest names there are', async () => {
    const environment = 'e'.repeat(40);
    const policy = 'p'.repeat(40);
    const site = createUpkeepSite(buildKept({ [environment]: { [policy]: { retention: { days: 100 } } } }));
    const entries = many(DUE_PAGE).map((entry) => ({
      ...entry,
      policy,
      id: `${entry.id.slice(0, 22)}${'v'.repeat(60)}`,
    }));
    for (const set of entries) await site.addUnlisted(set, { environment });
    const answer = await site.plan();
    expect(answer.sets).toHaveLength(DUE_PAGE);
    expect(JSON.stringify(answer).length).toBeLessThan(64 * 1024);
  });
});
