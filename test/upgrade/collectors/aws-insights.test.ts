import { describe, expect, it } from 'vitest';
import type { InsightsRefresh } from '../../../functions/clients/eks/eks-reader.ts';
import { collectInsights, refreshInsights } from '../../../functions/upgrade/collectors/aws-insights.ts';
import type { Slice } from '../../../functions/upgrade/reading/collection.ts';
import { fakeAws } from '../../support/fake-aws.ts';
import { createFixedClock } from '../../support/fixed-clock.ts';

const TASK = { cluster: 'gitlab', current: '1.35', target: '1.36', settings: { helmNamespaces: [] } };
const NOON = '2026-11-21T12:00:00.000Z';
const never = new AbortController().signal;

const refresh = (status: InsightsRefresh['status'], endedAt?: string): InsightsRefresh => ({
  status,
  message: '',
  ...(endedAt === undefined ? {} : { endedAt: new Date(endedAt) }),
});

describe('a refresh', () => {
  it.each([
    ['none was ever asked for', true, refresh('none')],
    ['the last is an hour old', true, refresh('completed', '2026-11-21T11:00:00.000Z')],
    ['the last is younger', false, refresh('completed', '2026-11-21T11:00:01.000Z')],
    ['the last failed', true, refresh('failed', '2026-11-21T11:59:00.000Z')],
    ['one is under way', false, refresh('in-progress')],
  ])('when %s: asked for is %s', async (_, isAsked, last) => {
    const { eks, calls } = fakeAws({ refreshes: [last] });
    const slice = await refreshInsights.collect(
      { eks, clock: createFixedClock(NOON) },
      TASK,
      undefined,
      never,
    );
    expect(slice).toEqual({ facts: {} });
    expect(calls.some(([name]) => name === 'startInsightsRefresh')).toBe(isAsked);
  });

  it.each(['readInsightsRefresh', 'startInsightsRefresh'])(
    'that may not be asked for (%s) leaves the insights as EKS has them, and read',
    async (name) => {
      const { eks } = fakeAws({ forbidden: [name] });
      const clock = createFixedClock(NOON);
      expect(await refreshInsights.collect({ eks, clock }, TASK, undefined, never)).toEqual({ facts: {} });
      const { facts } = await collectInsights.collect({ eks, clock }, TASK, undefined, never);
      expect(facts.insights).toMatchObject({ items: [{ id: 'a1b2c3' }], unread: [] });
      expect(clock.now().toISOString()).toBe(NOON);
    },
  );

  it('is nothing to ask for where nobody is signed in', async () => {
    const clock = createFixedClock(NOON);
    expect(await refreshInsights.collect({ clock }, TASK, undefined, never)).toEqual({ facts: {} });
  });
});

describe('insights', () => {
  it('are read as soon as the refresh is over', async () => {
    const running = refresh('in-progress');
    const { eks, calls } = fakeAws({ refreshes: [running, running, refresh('completed', NOON)] });
    const clock = createFixedClock(NOON);
    const { facts, cursor } = await collectInsights.collect({ eks, clock }, TASK, undefined, never);
    expect([cursor, facts.insights?.items.length]).toEqual([undefined, 1]);
    expect(clock.now().getTime() - Date.parse(NOON)).toBe(6_000);
    expect(calls.at(-1)).toEqual(['listInsights']);
  });

  it('are read after a minute all the same, in slices that a Lambda has time for', async () => {
    const { eks, calls } = fakeAws({ refreshes: [refresh('in-progress')] });
    const clock = createFixedClock(NOON);
    const lengths: number[] = [];
    const slices: Slice[] = [];
    do {
      const begun = clock.now().getTime();
      slices.push(await collectInsights.collect({ eks, clock }, TASK, slices.at(-1)?.cursor, never));
      lengths.push(clock.now().getTime() - begun);
    } while (slices.at(-1)?.cursor !== undefined && slices.length < 100);
    expect(lengths.reduce((sum, ms) => sum + ms, 0)).toBe(60_000);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(24_000);
    expect(slices.map(({ facts }) => facts.insights?.items.length ?? 0)).toEqual([0, 0, 1]);
    expect(calls.filter(([name]) => name === 'listInsights')).toHaveLength(1);
  });

  it('a Lambda whose time is over while it waits says nothing about the cluster', async () => {
    const { eks } = fakeAws({ refreshes: [refresh('in-progress')] });
    const clock = createFixedClock(NOON);
    const slice = collectInsights.collect(
      { eks, clock },
      TASK,
      undefined,
      AbortSignal.abort(new Error('over')),
    );
    await expect(slice).rejects.toThrow('over');
  });
});
