import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import {
  type Arrangement,
  type NamedInstance,
  nextRename,
} from '../../../../functions/backup/restore/native/arrangement.ts';
import { nameBeside, patternBeside } from '../../../../functions/records/backup/instance-names.ts';

const FORWARD: Arrangement = new Map([
  ['old', 'db-before-1'],
  ['new', 'db'],
]);
const BACK: Arrangement = new Map([
  ['old', 'db'],
  ['new', 'db-restore-1'],
]);

const instance = (resourceId: string, identifier: string, status = 'available'): NamedInstance => ({
  resourceId,
  identifier,
  status,
  isRenaming: false,
});

describe('the next rename', () => {
  test.each<[string, NamedInstance[], object]>([
    [
      'moves the old one out of the way first',
      [instance('old', 'db'), instance('new', 'db-restore-1')],
      { state: 'rename', from: 'db', to: 'db-before-1', resourceId: 'old' },
    ],
    [
      'gives the free name to the new one',
      [instance('old', 'db-before-1'), instance('new', 'db-restore-1')],
      { state: 'rename', from: 'db-restore-1', to: 'db', resourceId: 'new' },
    ],
    [
      'is none when all have their names',
      [instance('old', 'db-before-1'), instance('new', 'db')],
      { state: 'done' },
    ],
  ])('%s', (_, seen, expected) => {
    expect(nextRename(FORWARD, seen)).toEqual(expected);
  });

  test.each<[string, NamedInstance[]]>([
    ['is renamed', [{ ...instance('old', 'db'), isRenaming: true }, instance('new', 'db-restore-1')]],
    ['is not available', [instance('old', 'db', 'modifying'), instance('new', 'db-restore-1')]],
    ['is seen under no name, as between two', [instance('new', 'db-restore-1')]],
  ])('waits while an instance %s', (_, seen) => {
    expect(nextRename(FORWARD, seen).state).toBe('wait');
  });

  it('is refused where a name belongs to a stranger', () => {
    const seen = [instance('old', 'db'), instance('new', 'db-restore-1'), instance('other', 'db-before-1')];
    expect(nextRename(FORWARD, seen)).toMatchObject({ state: 'failed' });
  });

  it('leads from wherever a swap broke off to either end, in at most two, and never to two of one name', () => {
    const reachable = [
      [instance('old', 'db'), instance('new', 'db-restore-1')],
      [instance('old', 'db-before-1'), instance('new', 'db-restore-1')],
      [instance('old', 'db-before-1'), instance('new', 'db')],
    ];
    fc.assert(
      fc.property(fc.constantFrom(...reachable), fc.constantFrom(FORWARD, BACK), (from, goal) => {
        let seen: NamedInstance[] = from;
        for (let renames = 0; ; renames += 1) {
          expect(renames).toBeLessThanOrEqual(2);
          const next = nextRename(goal, seen);
          if (next.state === 'done') break;
          if (next.state !== 'rename') throw new Error(next.state);
          seen = seen.map((one) =>
            one.resourceId === next.resourceId ? { ...one, identifier: next.to } : one,
          );
          expect(new Set(seen.map(({ identifier }) => identifier)).size).toBe(seen.length);
        }
        expect(new Map(seen.map((one) => [one.resourceId, one.identifier]))).toEqual(goal);
      }),
    );
  });
});

describe('the name of an instance beside', () => {
  it('is one that RDS takes, and that the pattern of the rights covers, however long the identifier is', () => {
    const identifiers = fc
      .tuple(fc.constantFrom('a', 'db'), fc.stringMatching(/^[a-z0-9]{0,61}$/), fc.constantFrom('', '-'))
      .map(([head, tail, hyphen]) => `${head}${hyphen}${tail}`.slice(0, 63).replace(/-$/, ''));
    fc.assert(
      fc.property(identifiers, fc.constantFrom('restore' as const, 'before' as const), (identifier, word) => {
        const name = nameBeside(identifier, word, '0123456789abcdef');
        expect(name).toMatch(/^[a-z](?:-?[a-z0-9])*$/);
        expect(name.length).toBeLessThanOrEqual(63);
        expect(name.startsWith(patternBeside(identifier, word).slice(0, -1))).toBe(true);
      }),
    );
  });
});
