import { describe, expect, it, test } from 'vitest';
import { MAX_DESTROYERS, nameDestroyer } from '../../../../functions/backup/drill/interrupted-drill.ts';
import { run as handleFailure } from '../../../../functions/backup/handle-failure.ts';
import type { ExecutionStart } from '../../../../functions/clients/executions.ts';
import { drillLock } from '../../../../functions/records/backup/drill.ts';
import { RefusedError } from '../../../../functions/runtime/errors.ts';
import { buildFailure } from '../../../support/backup-failure.ts';
import { drillExecutionOf, openDrillExecution } from '../../../support/drill-execution.ts';
import { createDrillSite, type DrillSite } from '../../../support/drill-site.ts';

/** What becomes of a drill whose execution failed, ran out of time or was stopped. */

const REQUEST = { environment: 'production', scheduled: true };
const DESTROY = { environment: 'production', destroy: true, scheduled: true };

/** Hears of an execution that ended badly; what it starts is written down and not started. */
const createListener = (site: DrillSite) => {
  const starts = new Map<string, ExecutionStart>();
  const state: { refusal: Error | undefined } = { refusal: undefined };
  const executions = {
    start: async (request: ExecutionStart) => {
      if (state.refusal) throw state.refusal;
      const isNew = !starts.has(request.name);
      if (isNew) starts.set(request.name, request);
      return isNew ? ('started' as const) : ('already' as const);
    },
  };
  const hear = (name: string, input: unknown = REQUEST, change: object = {}) =>
    handleFailure(
      buildFailure(
        drillExecutionOf(name),
        { input: JSON.stringify(input), status: 'FAILED', error: 'DefectError', cause: 'a bug', ...change },
        'restore-drill',
      ),
      { ...site.deps, executions },
    );
  return { starts, state, hear };
};

/** A drill that is left where the restore fills its place. */
const leaveFilled = async (name = 'drill-1') => {
  const site = await createDrillSite();
  site.switches.restoreLooks = Number.POSITIVE_INFINITY;
  const execution = openDrillExecution(site, name);
  await execution.play(REQUEST, () => !site.state.hasData);
  expect(site.state.hasData).toBe(true);
  return { site, execution, ...createListener(site) };
};
const openSite = async () => {
  const site = await createDrillSite();
  return { site, ...createListener(site) };
};
const isFree = async (site: DrillSite): Promise<boolean> =>
  (await site.deps.locks.acquire(drillLock('production'), 'somebody')).ok;

describe('a drill that was left in the middle', () => {
  it.each([
    ['failed', { status: 'FAILED' }],
    ['ran out of time', { status: 'TIMED_OUT' }],
    ['was stopped by a person', { status: 'ABORTED' }],
  ] as const)(
    'since it %s, is destroyed by another execution of its machine, and told by that',
    async (why, change) => {
      const { site, starts, hear } = await leaveFilled();
      const { outcome, id } = await hear('drill-1', REQUEST, change);
      expect(outcome).toBe('carried-on');
      expect([...starts.values()]).toEqual([
        { machine: expect.stringMatching(/:drydock-main-restore-drill$/), name: id, input: DESTROY },
      ]);
      expect(site.notifier.published).toEqual([]);
      const destroyed = await openDrillExecution(site, id).play(DESTROY);
      expect(destroyed.outcome).toBe('failed');
      expect(site.state.hasData).toBe(false);
      expect(site.state.broken).toEqual([]);
      expect(site.notifier.published).toMatchObject([
        { outcome: 'drill-failed', reasons: expect.arrayContaining([expect.stringContaining(why)]) },
      ]);
    },
  );

  it('leaves its place free for the next one, and a Lambda of it that lives on changes nothing', async () => {
    const { site, execution, hear } = await leaveFilled();
    await hear('drill-1');
    expect(await isFree(site)).toBe(true);
    await site.deps.locks.release(drillLock('production'), 'somebody');
    const next = openDrillExecution(site, 'drill-2');
    expect(await next.begin(REQUEST)).toMatchObject({ outcome: 'begun', drill: { id: 'drill-1' } });
    expect((await execution.advance()).outcome).toBe('lost');
    expect((await execution.begin(REQUEST)).outcome).toBe('refused');
  });

  it('is not begun by a Lambda of it that comes late', async () => {
    const { site, hear } = await openSite();
    await hear('drill-1');
    const late = await openDrillExecution(site, 'drill-1').begin(REQUEST);
    expect(late).toMatchObject({ outcome: 'refused', reasons: ['Drill-1 has ended already.'] });
    expect(await site.readRun()).toBeUndefined();
    expect(await isFree(site)).toBe(true);
  });

  it('changes nothing of the one that another execution carries by then', async () => {
    const { site, hear } = await leaveFilled();
    const before = await site.readRun();
    expect((await hear('drill-0')).outcome).toBe('reported');
    expect(await site.readRun()).toEqual(before);
    expect(await isFree(site)).toBe(false);
  });

  it('is heard of twice and carried on once, also when that goes on already', async () => {
    const { site, starts, hear } = await leaveFilled();
    const { id } = await hear('drill-1');
    expect(await hear('drill-1')).toEqual({ outcome: 'carried-on', id });
    await openDrillExecution(site, id).begin(DESTROY);
    expect(await hear('drill-1')).toEqual({ outcome: 'carried-on', id });
    expect(starts.size).toBe(1);
    expect(site.notifier.published).toEqual([]);
  });
});

describe('a person is paged once, and told what is left', () => {
  const LEFT = {
    outcome: 'drill-not-destroyed',
    severity: 'critical',
    next: expect.stringContaining('Start the drill again'),
    reasons: expect.arrayContaining([
      'The data of production lies in the place: its database, repositories and buckets.',
      expect.stringMatching(/^NetworkPolicy .* is still there\.$/),
      expect.stringMatching(/is still scaled up\.$/),
    ]),
  };

  it('when an execution that destroys is stopped: whoever does that means it', async () => {
    const { site, starts, hear } = await leaveFilled();
    const { id } = await hear('drill-1');
    await openDrillExecution(site, id).begin(DESTROY);
    for (let twice = 0; twice < 2; twice++) {
      expect(await hear(id, DESTROY, { status: 'ABORTED' })).toEqual({ outcome: 'released', id });
    }
    expect(starts.size).toBe(1);
    expect(site.notifier.published).toMatchObject([LEFT]);
    expect(site.notifier.published[0]?.reasons.join(' ')).toContain('stopped by a person');
    expect(await isFree(site)).toBe(true);
  });

  it(`when ${MAX_DESTROYERS} of them in a row have failed`, async () => {
    const { site, starts, hear } = await leaveFilled();
    let { outcome, id } = await hear('drill-1');
    for (let row = 1; outcome === 'carried-on'; row++) {
      expect(id).toMatch(new RegExp(`^destroy-[0-9a-f]{16}-${row}$`));
      await openDrillExecution(site, id).begin(DESTROY);
      ({ outcome, id } = await hear(id, DESTROY));
    }
    expect(outcome).toBe('released');
    expect(starts.size).toBe(MAX_DESTROYERS);
    expect(site.notifier.published).toMatchObject([LEFT]);
  });

  it('when its machine may not be started, and the next drill destroys it first', async () => {
    const { site, state, hear } = await leaveFilled();
    state.refusal = new RefusedError('executions.forbidden', 'no');
    expect((await hear('drill-1')).outcome).toBe('released');
    expect(site.notifier.published).toMatchObject([LEFT]);
    const next = openDrillExecution(site, 'drill-2');
    expect((await next.play(REQUEST)).outcome).toBe('failed');
    expect(site.state.hasData).toBe(false);
    expect((await site.readRun())?.left).toEqual([]);
  });
});

describe('an execution that has nothing to destroy', () => {
  it('but died in its last step is ended as it was, and told once', async () => {
    const { site, hear, starts } = await openSite();
    const execution = openDrillExecution(site);
    await execution.begin(REQUEST);
    let looks = 0;
    while ((await execution.turn(looks)).outcome !== 'ended') looks += 1;
    for (let twice = 0; twice < 2; twice++) {
      expect(await hear('drill-1')).toEqual({ outcome: 'released', id: 'drill-1' });
    }
    expect(site.notifier.published).toMatchObject([{ outcome: 'drill-passed' }]);
    await execution.finish();
    expect(site.notifier.published).toHaveLength(1);
    expect(starts.size).toBe(0);
    expect(await isFree(site)).toBe(true);
  });

  test.each([
    ['began nothing', REQUEST],
    ['was given what it does not take', { environment: 7 }],
  ])('and %s is told by its error, and starts no other one', async (_, input) => {
    const { site, hear, starts } = await openSite();
    expect((await hear('drill-1', input)).outcome).toBe('reported');
    expect(site.notifier.published).toMatchObject([{ reasons: [expect.stringContaining('a bug')] }]);
    expect(starts.size).toBe(0);
  });
});

test('a name that comes from the cause fits into 80 characters, and no other failure has it', () => {
  const long = drillExecutionOf('x'.repeat(80));
  expect(nameDestroyer(long)?.length).toBeLessThanOrEqual(80);
  expect(nameDestroyer(long)).not.toBe(nameDestroyer(drillExecutionOf('y'.repeat(80))));
  const again = drillExecutionOf(nameDestroyer(long) ?? '');
  expect(nameDestroyer(again)).not.toBe(again.name);
});
