import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  listDestruction,
  listToSleep,
  noteRemoved,
  type StandingObject,
} from '../../../functions/backup/drill/destroy-list.ts';
import { drillLabels } from '../../../functions/backup/drill/drill-label.ts';
import type { MadeObject } from '../../../functions/records/backup/drill.ts';
import { buildDrill, NOW } from './drill-builders.ts';

const noted = (name: string, uid?: string, kind: MadeObject['kind'] = 'NetworkPolicy'): MadeObject => ({
  kind,
  namespace: 'gitlab-drill',
  name,
  notedAt: NOW.toISOString(),
  ...(uid === undefined ? {} : { uid }),
});

const standing = (name: string, uid: string, change: Partial<StandingObject> = {}): StandingObject => ({
  kind: 'NetworkPolicy',
  namespace: 'gitlab-drill',
  name,
  uid,
  labels: drillLabels('drill-1'),
  ...change,
});

describe('what a drill deletes', () => {
  const run = buildDrill({ made: [noted('deny', 'u1'), noted('allow'), noted('probe', 'u3', 'Job')] });

  it.each<[string, StandingObject, boolean]>([
    ['is what it made', standing('deny', 'u1'), true],
    ['is what it made and died before it knew the uid', standing('allow', 'u9'), true],
    ['is not another one of the same name', standing('deny', 'u7'), false],
    ['is not one without its label', standing('allow', 'u2', { labels: {} }), false],
    ['is not one of another drill', standing('allow', 'u2', { labels: drillLabels('drill-2') }), false],
    ['is not one that it never wrote down', standing('other', 'u4'), false],
    ['is not one of another kind', standing('deny', 'u1', { kind: 'Job' }), false],
    ['is not one elsewhere', standing('deny', 'u1', { namespace: 'gitlab' }), false],
  ])('%s', (_, object, expected) => {
    expect(listDestruction(run, [object])).toEqual(expected ? [object] : []);
  });

  it('goes with Jobs first, so that no pod outlives the policies', () => {
    const all = [standing('deny', 'u1'), standing('probe', 'u3', { kind: 'Job' })];
    expect(listDestruction(run, all).map(({ name }) => name)).toEqual(['probe', 'deny']);
  });

  it('is never an object that it did not make', () => {
    const word = fc.constantFrom('deny', 'allow', 'probe', 'chart');
    const object = fc.record({
      kind: fc.constantFrom<MadeObject['kind']>('NetworkPolicy', 'Job'),
      namespace: fc.constantFrom('gitlab-drill', 'gitlab'),
      name: word,
      uid: fc.constantFrom('u1', 'u2', 'u3'),
      labels: fc.constantFrom({}, drillLabels('drill-1'), drillLabels('drill-2'), { app: 'sidekiq' }),
    });
    fc.assert(
      fc.property(fc.array(object), (objects) => {
        for (const one of listDestruction(run, objects)) {
          const own = run.made.find(
            ({ kind, namespace, name }) =>
              kind === one.kind && namespace === one.namespace && name === one.name,
          );
          expect(own).toBeDefined();
          expect(own?.uid ?? one.uid).toBe(one.uid);
          expect(one.labels).toEqual(drillLabels('drill-1'));
        }
      }),
    );
  });

  it('is noted as gone when it is, and not before', () => {
    const later = noteRemoved(run, [standing('deny', 'u1'), standing('allow', 'u9', { labels: {} })], NOW);
    expect(later.made.map(({ name, removedAt }) => [name, removedAt !== undefined])).toEqual([
      ['deny', false],
      ['allow', true],
      ['probe', true],
    ]);
  });
});

describe('what a drill puts to sleep', () => {
  const woken = [
    { kind: 'StatefulSet' as const, name: 'gitaly', uid: 'g', replicas: 1, notedAt: NOW.toISOString() },
  ];
  const workload = (uid: string, replicas: number) => ({
    kind: 'StatefulSet' as const,
    name: 'gitaly',
    uid,
    replicas,
    pods: replicas,
  });

  it('is what it woke, as long as that is up', () => {
    const all = [workload('g', 1), workload('other', 1)];
    expect(listToSleep({ woken }, all)).toEqual([all[0]]);
    expect(listToSleep({ woken }, [workload('g', 0)])).toEqual([]);
  });
});
