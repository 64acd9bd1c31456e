import { describe, expect, it } from 'vitest';
import { explainUpdate, explainUpdateError } from '../../../functions/upgrade/updates/update-error.ts';
import { buildUpdate } from '../../support/upgrade-facts.ts';

const error = (code: string, resources = ['x-1']) => ({ code, message: 'It did not work.', resources });

/** Facts of EKS: the codes that deserve a text of their own. */
const CODES = [
  'SubnetNotFound',
  'SecurityGroupNotFound',
  'EniLimitReached',
  'IpNotAvailable',
  'InsufficientFreeAddresses',
  'NodeCreationFailure',
  'PodEvictionFailure',
  'ClusterUnreachable',
  'ConfigurationConflict',
  'AdmissionRequestDenied',
  'UnsupportedAddonModification',
  'K8sResourceNotFound',
];

describe('why an update failed', () => {
  it.each(CODES)('%s has a text of its own, with what it is about and what EKS said', (code) => {
    const text = explainUpdateError(error(code));
    expect(text).toMatch(new RegExp(`^${code}: `));
    expect(text).toContain('x-1');
    expect(text).toMatch(/EKS says: It did not work\.$/);
    expect(text).not.toContain('EKS names the error');
  });

  it('no two codes have the same text', () => {
    const texts = CODES.map((code) => explainUpdateError(error(code)).replace(code, ''));
    expect(new Set(texts).size).toBe(CODES.length);
  });

  it('a code that is new is told as EKS names it', () => {
    expect(explainUpdateError(error('Brandnew', []))).toBe(
      'Brandnew: EKS names the error Brandnew (not named by EKS). EKS says: It did not work.',
    );
  });

  it('PodEvictionFailure names the pods and the budgets that hold them', () => {
    const held = [{ pod: 'shop/web-1', budget: 'shop/web' }];
    expect(explainUpdateError(error('PodEvictionFailure'), held)).toContain(
      'held by a budget that allows no disruption: shop/web-1 (budget shop/web)',
    );
    expect(explainUpdateError(error('PodEvictionFailure'))).toContain('no budget that allows no disruption');
  });

  it('an update that was cancelled, or failed without a word, is told as that', () => {
    expect(explainUpdate(buildUpdate({ status: 'Cancelled', about: 'blue' }))).toEqual([
      'the update update-1 (VersionUpdate of blue) was cancelled',
    ]);
    expect(explainUpdate(buildUpdate({ status: 'Failed' }))).toEqual([
      'the update update-1 (VersionUpdate) failed, and EKS names no error',
    ]);
  });
});
