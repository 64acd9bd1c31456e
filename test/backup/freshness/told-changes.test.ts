import { describe, expect, test } from 'vitest';
import type { FreshnessChange } from '../../../functions/backup/freshness/freshness-change.ts';
import { chooseTold } from '../../../functions/backup/freshness/told-changes.ts';

/** Of an environment and a policy that say the same people hear once. */

const change = (
  policy: string | undefined,
  changes: Partial<FreshnessChange['now']> = {},
): FreshnessChange => ({
  kind: 'late',
  now: {
    ...(policy === undefined ? {} : { policy }),
    state: 'late',
    alarming: true,
    since: '2026-11-21T10:00:00.000Z',
    limitHours: 26,
    text: 'as seen',
    ...changes,
  },
});
const WHOLE = change(undefined);

describe('beside what is told of its environment, a policy', () => {
  test.each<[string, FreshnessChange, boolean]>([
    ['that says the same is not told', change('daily'), false],
    ['that is late since another time is told', change('daily', { since: '2026-11-21T09:00:00.000Z' }), true],
    ['that has another limit is told', change('daily', { limitHours: 3 }), true],
    ['that has never been saved is told', change('daily', { state: 'never' }), true],
    ['that is fresh again is told', { ...change('daily'), kind: 'recovered' }, true],
  ])('%s', (_, one, isTold) => {
    expect(chooseTold([WHOLE, one])).toEqual(isTold ? [WHOLE, one] : [WHOLE]);
  });

  test('that changes alone is told', () => {
    expect(chooseTold([change('daily')])).toEqual([change('daily')]);
  });
});
