import { describe, expect, it } from 'vitest';
import { chooseTarget, judgeTarget } from '../../functions/upgrade/check-target.ts';

const OFFERED = ['1.34', '1.36', '1.35'];

describe('chooseTarget', () => {
  it.each([
    ['the next version when nothing is said', undefined, undefined, '1.36'],
    ['what drydock.yaml says', undefined, '1.37', '1.37'],
    ['the next version when the cluster is where drydock.yaml wants it', undefined, '1.35', '1.36'],
    ['the next version when it is beyond', undefined, '1.34', '1.36'],
    ['what a person asks for, whatever drydock.yaml says', '1.38', '1.37', '1.38'],
  ])('at 1.35: %s', (_, asked, configured, expected) => {
    expect(chooseTarget({ asked, configured, current: '1.35' })).toBe(expected);
  });
});

describe('judgeTarget', () => {
  it.each(['1.36', '1.37', '1.38'])('from 1.35 %s is taken while EKS offers 1.36', (target) => {
    expect(judgeTarget(target, '1.35', OFFERED)).toEqual({ ok: true });
  });

  it.each([
    ['1.35', '1.35 is not above 1.35, which the cluster runs: write "1.36", "1.37", "1.38".'],
    ['1.20', '1.20 is not above 1.35, which the cluster runs: write "1.36", "1.37", "1.38".'],
    [
      '1.39',
      '1.39 is further ahead than anything is known of; the newest version of EKS is 1.36: write "1.36", "1.37", "1.38".',
    ],
  ])('from 1.35 %s is refused with what may be written', (target, reason) => {
    expect(judgeTarget(target, '1.35', OFFERED)).toEqual({ ok: false, reason });
  });

  it('versions are numbers: 1.100 is above 1.36', () => {
    expect(judgeTarget('1.100', '1.36', ['1.99'])).toEqual({ ok: true });
  });

  it.each([
    ['1.55', true],
    ['1.56', false],
    ['1.99', false],
    ['1.35', false],
  ])('while EKS can not be asked %s is taken: %s', (target, ok) => {
    expect(judgeTarget(target, '1.35', []).ok).toBe(ok);
  });

  it('while EKS can not be asked a slip is refused with what may be written', () => {
    const reason = '1.99 is further ahead than anything is known of: write "1.36".';
    expect(judgeTarget('1.99', '1.35', [])).toEqual({ ok: false, reason });
  });

  it('a cluster that is further than anything known has nothing to write', () => {
    expect(judgeTarget('1.40', '1.39', OFFERED)).toMatchObject({
      reason: expect.stringContaining('leave it out'),
    });
  });
});
