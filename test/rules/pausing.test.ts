import { describe, expect, it } from 'vitest';
import type { Pause } from '../../functions/records/pause.ts';
import { PauseScope } from '../../functions/records/pause.ts';
import { judgePauses, scopesOf } from '../../functions/rules/pausing.ts';

const NOON = new Date('2026-03-01T12:00:00.000Z');
const buildPause = (overrides: Partial<Pause> = {}): Pause => ({
  version: 1,
  scope: 'all',
  paused: true,
  by: 'kim',
  why: 'incident 7',
  since: '2026-03-01T11:00:00.000Z',
  ...overrides,
});

describe('pauses', () => {
  it('four scopes cover a write, the widest first, each one that a person can write', () => {
    const scopes = scopesOf({ capability: 'deployment', environment: 'production', target: 'web' });
    expect(scopes).toEqual(['all', 'capability/deployment', 'environment/production', 'target/web']);
    for (const scope of scopes) expect(PauseScope.safeParse(scope).success).toBe(true);
  });

  it.each<[string, Partial<Pause>[], boolean]>([
    ['no pause lets a write pass', [], true],
    ['a pause without end stops it', [{}], false],
    ['a pause that was resumed lets it pass', [{ paused: false }], true],
    ['a pause stops it until its end', [{ until: '2026-03-01T12:00:00.001Z' }], false],
    ['at its end it lets it pass', [{ until: '2026-03-01T12:00:00.000Z' }], true],
    ['one in force among others stops it', [{ paused: false }, { until: '2020-01-01T00:00:00Z' }, {}], false],
    [
      'one that was resumed does not stop it, though its end lies ahead',
      [{ paused: false, until: '2027-01-01T00:00:00Z' }],
      true,
    ],
  ])('%s', (_, pauses, ok) => {
    expect(judgePauses(pauses.map(buildPause), NOON).ok).toBe(ok);
  });

  it('names the widest one in force: who, since when, until when, why', () => {
    const wide = buildPause({ until: '2026-03-01T13:00:00.000Z' });
    expect(judgePauses([wide, buildPause({ scope: 'target/web' })], NOON)).toEqual({
      ok: false,
      pause: wide,
      reason: 'paused (all) by kim since 2026-03-01T11:00:00.000Z until 2026-03-01T13:00:00.000Z: incident 7',
    });
    expect(judgePauses([buildPause()], NOON)).toMatchObject({
      reason: expect.stringContaining('until somebody resumes it'),
    });
  });
});
