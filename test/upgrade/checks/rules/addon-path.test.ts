import { describe, expect, it } from 'vitest';
import {
  findAddonPath,
  newestCluster,
  runsWith,
} from '../../../../functions/upgrade/checks/rules/addon-path.ts';
import { buildAddon } from '../../../support/upgrade-facts.ts';

const offer = (version: string, clusters: string[], defaultFor: string[] = []) => ({
  version,
  clusters,
  defaultFor,
});

describe('the way of an add-on', () => {
  it.each([
    [
      'goes to the default of the new version when it runs with both',
      [offer('v1.2.2', ['1.35', '1.36']), offer('v1.2.1', ['1.35', '1.36'], ['1.36'])],
      { hops: ['v1.2.1'], before: true },
    ],
    [
      'goes to the newest that runs with both when the default runs with the new one only',
      [
        offer('v1.3.0', ['1.36'], ['1.36']),
        offer('v1.2.2', ['1.35', '1.36']),
        offer('v1.2.1', ['1.35', '1.36']),
      ],
      { hops: ['v1.2.2'], before: true },
    ],
    [
      'goes to the default afterwards when none runs with both',
      [offer('v1.4.0', ['1.36']), offer('v1.3.0', ['1.36'], ['1.36'])],
      { hops: ['v1.3.0'], before: false },
    ],
    ['is not there when nothing runs with the new version', [offer('v1.2.0', ['1.35'])], undefined],
  ])('%s', (_title, offered, path) => {
    const addon = buildAddon({ name: 'coredns', version: 'v1.1.0', offered });
    expect(findAddonPath(addon, '1.35', '1.36')).toEqual(path);
  });

  it.each([
    ['vpc-cni', ['v1.19.9', 'v1.20.9', 'v1.21.0']],
    ['coredns', ['v1.21.0']],
  ])('of %s passes %j', (name, hops) => {
    const offered = [
      offer('v1.21.0', ['1.35', '1.36'], ['1.36']),
      offer('v1.20.10', ['1.36']),
      offer('v1.20.9', ['1.35']),
      offer('v1.19.9', ['1.35']),
      offer('v1.19.1', ['1.35']),
      offer('v1.18.0', ['1.35']),
    ];
    expect(findAddonPath({ name, version: 'v1.18.0', offered }, '1.35', '1.36')?.hops).toEqual(hops);
  });

  it('of vpc-cni leaves a minor out that EKS does not offer for the cluster', () => {
    const offered = [
      offer('v1.21.0', ['1.35', '1.36']),
      offer('v1.20.0', ['1.36']),
      offer('v1.19.0', ['1.35']),
    ];
    expect(findAddonPath({ name: 'vpc-cni', version: 'v1.18.0', offered }, '1.35', '1.36')?.hops).toEqual([
      'v1.19.0',
      'v1.21.0',
    ]);
  });

  it('does not pass minors back or over a major', () => {
    const offered = [offer('v2.1.0', ['1.35', '1.36']), offer('v1.19.0', ['1.35'])];
    expect(findAddonPath({ name: 'vpc-cni', version: 'v1.18.0', offered }, '1.35', '1.36')?.hops).toEqual([
      'v2.1.0',
    ]);
  });
});

describe('a version of an add-on', () => {
  it('runs with what EKS lists for it, and is unknown when EKS does not list it', () => {
    const addon = buildAddon();
    expect(runsWith(addon, '1.36')).toBe(true);
    expect(runsWith(addon, '1.37')).toBe(false);
    expect(runsWith({ ...addon, version: 'v0.0.1' }, '1.36')).toBeUndefined();
  });

  it('is offered up to the newest Kubernetes, by number and not by letter', () => {
    expect(newestCluster({ offered: [offer('v1', ['1.9', '1.36', '1.10'])] })).toBe('1.36');
    expect(newestCluster({ offered: [] })).toBeUndefined();
  });
});
