import { describe, expect, it } from 'vitest';
import {
  agree,
  count,
  listSome,
  namePool,
  nameWorkload,
} from '../../../../functions/upgrade/checks/rules/subject.ts';

describe('findings name', () => {
  it.each([
    ['managed', 'blue', 'node group blue'],
    ['karpenter', 'general', 'node pool general'],
    ['auto', 'system', 'node pool system'],
    ['fargate', 'jobs', 'Fargate profile jobs'],
    ['fargate', '', 'Fargate nodes'],
    ['hybrid', '', 'hybrid nodes'],
    ['hybrid', 'factory', 'hybrid nodes factory'],
    ['self-managed', '', 'self-managed nodes'],
    ['self-managed', 'old', 'self-managed nodes old'],
  ] as const)('nodes of %s %j as %s', (origin, group, name) => {
    expect(namePool({ origin, group })).toBe(name);
  });

  it('a workload by kind, namespace and name', () => {
    expect(nameWorkload({ kind: 'StatefulSet', namespace: 'gitlab', name: 'gitaly' })).toBe(
      'StatefulSet gitlab/gitaly',
    );
  });

  it('ten things and the number of the others', () => {
    const names = Array.from({ length: 12 }, (_, index) => `n${index}`);
    expect(listSome(names.slice(0, 10))).toEqual(names.slice(0, 10));
    expect(listSome(names)).toEqual([...names.slice(0, 10), 'and 2 more']);
  });

  it('one thing and several', () => {
    expect([agree(1, 'is', 'are'), agree(0, 'is', 'are'), agree(2, 'is', 'are')]).toEqual([
      'is',
      'are',
      'are',
    ]);
    expect([count(1, 'node'), count(0, 'node'), count(2, 'pod')]).toEqual(['1 node', '0 nodes', '2 pods']);
  });
});
