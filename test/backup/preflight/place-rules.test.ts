import { describe, expect, it } from 'vitest';
import type { ToolTarget } from '../../../functions/backup/preflight/facts.ts';
import { archiveLock } from '../../../functions/backup/preflight/rules/archive-lock.ts';
import { toolTarget } from '../../../functions/backup/preflight/rules/tool-target.ts';
import type { BucketLock } from '../../../functions/clients/bucket-facts.ts';
import { known, ORDINARY, outcomesOf } from './preflight-facts.ts';

describe('the tool of the chart', () => {
  it.each<[string, ToolTarget, string]>([
    ['writes where drydock.yaml looks', { backup: 'acme-backups', tmp: 'acme-tmp' }, 'pass'],
    ['writes there, and names no other bucket', { backup: 'acme-backups' }, 'pass'],
    ['writes elsewhere', { backup: 'gitlab-backups', tmp: 'acme-tmp' }, 'refuse'],
    ['keeps elsewhere what a restore replaces', { backup: 'acme-backups', tmp: 'tmp' }, 'warn'],
    ['does not say where it writes', { tmp: 'acme-tmp' }, 'not-checked'],
  ])('%s', (_, target, outcome) => {
    expect(outcomesOf(toolTarget, { toolTarget: known(target) })).toBe(outcome);
  });

  it('that writes elsewhere is told by both names', () => {
    const facts = { ...ORDINARY, toolTarget: known({ backup: 'gitlab-backups' }) };
    expect(toolTarget.judge(facts)[0]?.message).toBe(
      'The tool writes to gitlab-backups, and drydock.yaml looks for archives in acme-backups.',
    );
  });
});

describe('the lock of archives', () => {
  const lock = (mode: 'GOVERNANCE' | 'COMPLIANCE', days: number): BucketLock => ({
    enabled: true,
    default: { mode, days },
  });
  const governance = { mode: 'governance', days: 14 } as const;
  const compliance = { mode: 'compliance', days: 14 } as const;

  it.each([
    ['as it is wished', lock('GOVERNANCE', 14), governance, 'pass'],
    ['longer', lock('GOVERNANCE', 15), governance, 'pass'],
    ['stronger', lock('COMPLIANCE', 14), governance, 'pass'],
    ['a day shorter', lock('GOVERNANCE', 13), governance, 'warn'],
    ['weaker', lock('GOVERNANCE', 30), compliance, 'warn'],
    ['for nothing by itself', { enabled: true }, governance, 'warn'],
    ['none', { enabled: false }, governance, 'warn'],
  ])('%s', (_, found, wishedLock, outcome) => {
    expect(outcomesOf(archiveLock, { lock: known(found), wishedLock })).toBe(outcome);
  });
});
