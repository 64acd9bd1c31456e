import { describe, expect, it } from 'vitest';
import type { GateOutcome } from '../../../functions/records/upgrade/plan.ts';
import { type GateFacts, judgeGates, reasonsOf } from '../../../functions/upgrade/gates/judge-gates.ts';
import { buildExecution } from '../../support/target-world.ts';
import { buildFinding, buildReport } from '../../support/upgrade-report.ts';
import { backup, gateOf, lock, open, running, window } from './open-gates.ts';

describe('the gates of an upgrade', () => {
  it('all pass, each with a reason of its own', () => {
    const gates = judgeGates(open());
    expect(reasonsOf(gates)).toEqual([]);
    expect(gates.map(({ gate }) => gate)).toEqual(['plan', 'report', 'backup', 'window', 'pause', 'updates']);
    expect(new Set(gates.map(({ reason }) => reason)).size).toBe(gates.length);
  });

  it.each<[string, GateOutcome['gate'], Partial<GateFacts>, boolean, RegExp]>([
    [
      'a cluster that was moved since',
      'plan',
      { cluster: { version: '1.36' } },
      false,
      /begins at 1.35, and the cluster is at 1.36/,
    ],
    ['no report', 'report', { report: undefined }, false, /never checked: start upgrade-check first/],
    [
      'a report of 27 hours',
      'report',
      { report: buildReport([], { at: '2026-11-20T09:00:00.000Z' }) },
      false,
      /is 27 hours old/,
    ],
    [
      'a report of 26 hours',
      'report',
      { report: buildReport([], { at: '2026-11-20T10:00:00.000Z' }) },
      true,
      /no block/,
    ],
    [
      'a report about another version',
      'report',
      { report: buildReport([], { current: '1.34' }) },
      false,
      /is about 1.34/,
    ],
    [
      'a report that looks less far',
      'report',
      { report: buildReport([], { target: '1.35' }) },
      false,
      /looks up to 1.35/,
    ],
    [
      'a block on the way',
      'report',
      { report: buildReport([buildFinding({ id: 'f-1' })]) },
      false,
      /Deployment shop\/web: Nothing uses .* \(override: "f-1"\)/,
    ],
    [
      'a block beyond the target',
      'report',
      { report: buildReport([buildFinding({ step: '1.37' })]) },
      true,
      /no block up to 1.36/,
    ],
    [
      'a block that is ignored',
      'report',
      { report: buildReport([buildFinding({ ignored: { reason: 'x', expires: '2027-01-01' } })]) },
      true,
      /no block/,
    ],
    ['a warning', 'report', { report: buildReport([buildFinding({ result: 'warn' })]) }, true, /no block/],
    [
      'something not checked',
      'report',
      { report: buildReport([buildFinding({ result: 'not-checked' })]) },
      true,
      /; 1 things on it could not be checked/,
    ],
    [
      'no backup',
      'backup',
      { backup: undefined },
      false,
      /there is no verified backup.*\(override: "backup"\)/,
    ],
    [
      'a backup of 25 hours',
      'backup',
      { backup: { ...backup, takenAt: '2026-11-20T11:00:00.000Z' } },
      false,
      /is 25 hours old, and 24 are allowed/,
    ],
    [
      'a backup of tomorrow',
      'backup',
      { backup: { ...backup, takenAt: '2026-11-22T11:00:00.000Z' } },
      false,
      /yet to come/,
    ],
    ['a shut window', 'window', { window }, true, /shut now: the first step waits until 2026-11-21T22:00/],
    [
      'an open window',
      'window',
      { window, now: new Date('2026-11-21T22:30:00Z') },
      true,
      /until 2026-11-21T23:00/,
    ],
    ['a window that never opens', 'window', { window: { ...window, days: [] } }, false, /does not open/],
    [
      'somebody else at work',
      'updates',
      { updates: [running({ about: 'coredns', type: 'AddonUpdate' })] },
      false,
      /somebody else updates coredns: AddonUpdate u-1/,
    ],
    [
      'an unknown status',
      'updates',
      { updates: [running({ params: {}, status: 'Odd' })] },
      false,
      /somebody else updates the cluster/,
    ],
    [
      'its own update, left by another execution',
      'updates',
      { updates: [running()] },
      true,
      /is what this plan asks for/,
    ],
    [
      'nodes that move before the bake',
      'updates',
      { updates: [running({ about: 'blue' })] },
      false,
      /somebody else updates blue/,
    ],
    [
      'another execution',
      'updates',
      { lock: lock('arn:other', '2026-11-21T12:05:00.000Z') },
      false,
      /another execution .* arn:other/,
    ],
    [
      'an execution that died',
      'updates',
      { lock: lock('arn:other', '2026-11-21T11:55:00.000Z') },
      true,
      /no update/,
    ],
    [
      'its own lock',
      'updates',
      { lock: lock(buildExecution('upgrade-1').arn, '2026-11-21T12:05:00.000Z') },
      true,
      /no update/,
    ],
  ])('%s: %s', (_, name, facts, passed, reason) => {
    expect(gateOf(name, facts)).toMatchObject({ passed, reason: expect.stringMatching(reason) });
  });

  it('a pause shuts one, and says who pressed it', () => {
    const pause = {
      version: 1 as const,
      scope: 'all',
      paused: true,
      by: 'Kim',
      why: 'x',
      since: '2026-11-21T10:00:00.000Z',
    };
    const gate = gateOf('pause', { pause: { ok: false, pause, reason: 'paused (all) by Kim' } });
    expect(gate).toEqual({ gate: 'pause', passed: false, reason: 'paused (all) by Kim' });
  });
});
