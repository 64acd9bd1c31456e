import { describe, expect, it } from 'vitest';
import type { Health } from '../../../functions/records/upgrade/plan.ts';
import { compareHealth, describeHealth } from '../../../functions/upgrade/plan/health.ts';
import { buildHealth } from '../../support/upgrade-run.ts';

const before = buildHealth({ unready: ['Deployment shop/old'], gitlab: 'answers' });

describe('health, compared with before', () => {
  it.each<[string, Partial<Health>, object]>([
    ['the same', {}, { state: 'ok' }],
    ['what was unready before is healthy now', { unready: [] }, { state: 'ok' }],
    ['more nodes, all ready', { nodes: { ready: 7, total: 7 } }, { state: 'ok' }],
    [
      'a workload that was ready is not',
      { unready: ['Deployment shop/old', 'Deployment shop/web'] },
      { state: 'worse', reasons: ['not ready, and ready before: Deployment shop/web'] },
    ],
    [
      'a node is not ready',
      { nodes: { ready: 2, total: 3 } },
      { state: 'worse', reasons: ['1 of 3 nodes are not ready; before it were 0'] },
    ],
    ['no node is left', { nodes: { ready: 0, total: 0 } }, { state: 'worse', reasons: ['no node is left'] }],
    ['GitLab is silent', { gitlab: 'does-not-answer' }, { state: 'worse' }],
    [
      'nodes could not be read: neither well nor worse',
      { nodes: { ready: 0, total: 0 }, unread: ['nodes: access denied'] },
      { state: 'not-checked', reasons: ['could not be looked at: nodes: access denied'] },
    ],
    [
      'worse wins over not checked',
      { unready: ['Deployment shop/web'], unread: ['nodes: access denied'] },
      { state: 'worse' },
    ],
  ])('%s', (_, changes, verdict) => {
    expect(compareHealth(before, buildHealth({ ...before, ...changes }))).toMatchObject(verdict);
  });

  it('what could not be read before is not held against now', () => {
    const blind = buildHealth({ unread: ['nodes: access denied'] });
    expect(compareHealth(blind, blind)).toEqual({ state: 'ok' });
  });

  it('is told in one line', () => {
    expect(describeHealth(before)).toBe('3 of 3 nodes ready, 9 of 10 workloads ready, GitLab answers');
  });
});
