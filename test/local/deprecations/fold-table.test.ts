import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { KubernetesTable } from '../../../functions/upgrade/deprecations/api-row.ts';
import { foldTable, formatTable, type ReleasedType } from '../../../infra/local/deprecations/fold-table.ts';
import type { Lifecycle } from '../../../infra/local/deprecations/lifecycle.ts';

const type = (version: string, kind: string, lifecycle: Lifecycle): ReleasedType => ({
  group: 'bakery.k8s.io',
  version,
  kind,
  lifecycle,
  serving: { listable: true, clusterScoped: false },
});
const release = (minor: string, ...types: ReleasedType[]) => ({
  module: `k8s.io/api@v0.${minor.slice(2)}.1`,
  minor,
  types,
});
const STABLE = type('v1', 'Cake', { introduced: '1.20' });

describe('folding releases into a table', () => {
  it('lets the newest release that has a type speak for it', () => {
    const { rows, modules } = foldTable([
      release('1.36', type('v1beta1', 'Cake', { introduced: '1.20', deprecated: '1.30', removed: '1.33' })),
      release('1.37', type('v1beta1', 'Cake', { introduced: '1.20', deprecated: '1.35', removed: '1.38' })),
    ]);
    expect(rows).toEqual([
      {
        group: 'bakery.k8s.io',
        version: 'v1beta1',
        kind: 'Cake',
        resource: 'cakes',
        introduced: '1.20',
        deprecated: '1.35',
        removed: '1.38',
      },
    ]);
    expect(modules).toEqual(['k8s.io/api@v0.37.1']);
  });

  it.each([
    ['earlier than its marker', '1.40', '1.36'],
    ['later than its marker', '1.34', '1.34'],
  ])('takes a type that left %s as gone from %s', (_, marker, removed) => {
    const left = type('v1alpha1', 'Cake', { introduced: '1.30', deprecated: '1.33', removed: marker });
    const { rows } = foldTable([release('1.35', left), release('1.36', STABLE), release('1.37', STABLE)]);
    expect(rows).toContainEqual(expect.objectContaining({ version: 'v1alpha1', lastIn: '1.35', removed }));
  });

  it('says nothing of the end of a type that left without a marker', () => {
    const { rows } = foldTable([
      release('1.36', type('v1', 'Crumb', { introduced: '1.0' })),
      release('1.37', STABLE),
    ]);
    expect(rows.find(({ kind }) => kind === 'Crumb')).toMatchObject({ lastIn: '1.36' });
    expect(rows.find(({ kind }) => kind === 'Crumb')).not.toHaveProperty('removed');
  });

  it('leaves lists out, and keeps a kind that merely ends like one', () => {
    const { rows } = foldTable([
      release(
        '1.37',
        STABLE,
        type('v1', 'CakeList', { introduced: '1.20' }),
        type('v1', 'PriceList', { introduced: '1.20' }),
      ),
    ]);
    expect(rows.map(({ kind }) => kind)).toEqual(['Cake', 'PriceList']);
  });

  it.each([
    ['v1alpha1', { introduced: '1.35', deprecated: '1.38', removed: '1.41' }, true],
    ['v1alpha1', { introduced: '1.30', deprecated: '1.33', removed: '1.36' }, undefined],
    ['v1alpha1', { introduced: '1.35', deprecated: '1.36', removed: '1.41' }, undefined],
    ['v1beta1', { introduced: '1.35', deprecated: '1.38', removed: '1.41' }, undefined],
  ])('%s with %o is assumed: %s', (version, lifecycle, assumed) => {
    const { rows } = foldTable([release('1.37', type(version, 'Cake', lifecycle))]);
    expect(rows[0]?.assumed).toBe(assumed);
  });

  it('refuses a type that was never introduced', () => {
    expect(() => foldTable([release('1.37', type('v1', 'Cake', {}))])).toThrow(
      'bakery.k8s.io/v1 Cake has no release in which it was introduced',
    );
  });

  it('refuses to write a table of nothing', () => {
    expect(() => foldTable([])).toThrow('no release of k8s.io/api was read');
  });
});

describe('writing the table', () => {
  it('writes the file in the tree, one row a line', () => {
    const file = new URL('../../../functions/upgrade/deprecations/kubernetes.json', import.meta.url);
    const text = readFileSync(file, 'utf8');
    expect(formatTable(KubernetesTable.parse(JSON.parse(text)))).toBe(text);
  });
});
