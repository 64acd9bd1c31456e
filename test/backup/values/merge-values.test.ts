import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openChartValues } from '../../../functions/backup/values/chart-values.ts';
import { coalesceValues, mergeValues } from '../../../functions/backup/values/merge-values.ts';
import type { Value, ValueMap } from '../../../functions/backup/values/value-tree.ts';
import { counterexample } from '../../support/counterexample.ts';

describe('files over each other', () => {
  it.each<[string, ValueMap[], ValueMap]>([
    ['the later one wins', [{ a: 1 }, { a: 2 }], { a: 2 }],
    ['maps are merged', [{ a: { b: 1, c: 2 } }, { a: { c: 3 } }], { a: { b: 1, c: 3 } }],
    ['lists are replaced', [{ a: [1, 2] }, { a: [3] }], { a: [3] }],
    ['a map replaces a value', [{ a: 1 }, { a: { b: 1 } }], { a: { b: 1 } }],
    ['a value replaces a map', [{ a: { b: 1 } }, { a: 1 }], { a: 1 }],
    ['a null stays, for the chart to see', [{ a: { b: 1 } }, { a: null }], { a: null }],
    ['a map may come back behind it', [{ a: null }, { a: { b: 1 } }], { a: { b: 1 } }],
    ['none are no values', [], {}],
  ])('%s', (_, files, expected) => {
    expect(mergeValues(files)).toEqual(expected);
  });

  it.each<[string, ValueMap, ValueMap]>([
    ['a null deletes a default', { a: null }, { c: 3 }],
    ['a null inside deletes that alone', { a: { b: null } }, { a: { x: 1 }, c: 3 }],
    [
      'a null where nothing is leaves nothing',
      { d: null, e: { f: null } },
      { a: { b: 1, x: 1 }, c: 3, e: {} },
    ],
  ])('over the chart: %s', (_, user, expected) => {
    expect(coalesceValues({ a: { b: 1, x: 1 }, c: 3 }, user)).toEqual(expected);
  });

  it('property: the order of files does not matter when none sets what another sets', () => {
    const leaves = fc.uniqueArray(
      fc.tuple(
        fc.array(fc.constantFrom('a', 'b', '__proto__', 'toString'), { minLength: 1, maxLength: 3 }),
        fc.constantFrom<Value>(1, 'x', null, true, []),
        fc.boolean(),
      ),
      // A leaf of its own each: the last key makes it one that no other file has.
      { selector: ([path]) => path.join('.'), maxLength: 8 },
    );
    const build = (own: readonly (readonly [readonly string[], Value, boolean])[]): ValueMap =>
      mergeValues(
        own.map(([path, value]) =>
          path.reduceRight<ValueMap>((below, key) => Object.fromEntries([[key, below]]), {
            [`leaf-${path.join('-')}`]: value,
          }),
        ),
      );
    expect(
      counterexample(
        fc.property(leaves, (all) => {
          const [here, there] = [
            build(all.filter(([, , first]) => first)),
            build(all.filter(([, , first]) => !first)),
          ];
          expect(mergeValues([here, there])).toEqual(mergeValues([there, here]));
          expect(mergeValues([here, there])).toEqual(build(all));
        }),
      ),
    ).toBeUndefined();
  });
});

describe('values asked by path', () => {
  const values = openChartValues({ gitlab: { toolbox: { replicas: '2' } }, global: { psql: 'wrong' } });

  it('come from the user or from the chart', () => {
    expect(values.number('gitlab.toolbox.replicas')).toBe(2);
    expect(values.text('gitlab.toolbox.backups.cron.concurrencyPolicy')).toBe('Replace');
    expect(values.isGiven('gitlab.toolbox.replicas')).toBe(true);
    expect(values.isGiven('gitlab.toolbox.backups.cron.concurrencyPolicy')).toBe(false);
  });

  it('are absent where something else stands', () => {
    expect(values.text('global.psql.host')).toBeUndefined();
    expect(values.number('global.psql')).toBeUndefined();
    expect(values.map('global.psql')).toEqual({});
    expect(values.list('global.psql')).toEqual([]);
    expect(values.get('toString')).toBeUndefined();
  });

  it.each<[number | undefined, boolean]>([
    [9, true],
    [10, false],
    [undefined, false],
  ])('chart %s installs PostgreSQL by itself: %s', (major, expected) => {
    expect(
      openChartValues({}, major === 9 || major === 10 ? major : undefined).isOn('postgresql.install'),
    ).toBe(expected);
  });
});
