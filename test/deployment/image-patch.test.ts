import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  executionOf,
  fenceOf,
  PREVIOUS_IMAGE,
  RESTARTED_BY,
} from '../../functions/deployment/annotations.ts';
import { buildImagePatch, type ImageChange } from '../../functions/deployment/image-patch.ts';
import type { JsonPatchOperation, Workload } from '../../functions/records/workload.ts';
import { buildWorkload } from '../support/workload-builders.ts';

/** What the steps of the target `web` write. */
const FENCE = fenceOf('web');
const EXECUTION = executionOf('web');

const OLD = 'registry.example.com/shop/web:1.0.0';
const NEW = 'registry.example.com/shop/web:1.1.0';

const build = (workload: Partial<Workload> & { image?: string }, change: Partial<ImageChange> = {}) =>
  buildImagePatch({
    workload: buildWorkload({ image: OLD, ...workload }),
    target: 'web',
    container: 'web',
    image: NEW,
    fence: 7,
    execution: 'rollout-1',
    cause: 'Drydock: 1.1.0',
    restart: false,
    ...change,
  });

const patchOf = (...args: Parameters<typeof build>): readonly JsonPatchOperation[] => {
  const built = build(...args);
  if (!built.ok) throw new Error(built.reason);
  return built.patch;
};

const pathsOf = (patch: readonly JsonPatchOperation[], op: string): string[] =>
  patch.filter((operation) => operation.op === op).map(({ path }) => path);

test('a patch tests name, image and fence before it writes anything', () => {
  const patch = patchOf({ annotations: { [FENCE]: '6' } });
  expect(patch.slice(0, 3)).toEqual([
    { op: 'test', path: '/spec/template/spec/containers/0/name', value: 'web' },
    { op: 'test', path: '/spec/template/spec/containers/0/image', value: OLD },
    { op: 'test', path: '/metadata/annotations/drydock.dev~1web.fence', value: '6' },
  ]);
  expect(patch.slice(3).every(({ op }) => op !== 'test')).toBe(true);
});

test('nothing but the image and our annotations is written', () => {
  const patch = patchOf({});
  expect(pathsOf(patch, 'replace')).toEqual(['/spec/template/spec/containers/0/image']);
  expect(pathsOf(patch, 'add')).toEqual([
    '/metadata/annotations/drydock.dev~1web.fence',
    '/metadata/annotations/drydock.dev~1web.execution',
    '/metadata/annotations/kubernetes.io~1change-cause',
    '/metadata/annotations/drydock.dev~1previous-image',
  ]);
});

test('a workload without annotations gets the map only if there still is none', () => {
  const patch = patchOf({ hasAnnotations: false });
  const map = patch.filter(({ path }) => path === '/metadata/annotations');
  expect(map).toMatchObject([
    { op: 'test', value: null },
    { op: 'add', value: { [FENCE]: '7', [EXECUTION]: 'rollout-1', [PREVIOUS_IMAGE]: `web=${OLD}` } },
  ]);
});

test('a fence that nobody has written is tested to be absent', () => {
  expect(patchOf({})[2]).toEqual({
    op: 'test',
    path: '/metadata/annotations/drydock.dev~1web.fence',
    value: null,
  });
});

describe('where the image stands', () => {
  const containers = [
    { name: 'proxy', image: OLD, init: false, index: 0 },
    { name: 'web', image: OLD, init: false, index: 1 },
    { name: 'migrate', image: OLD, init: true, index: 0 },
  ];
  const ref = (kind: Workload['ref']['kind']) => ({ kind, namespace: 'shop', name: 'web' });
  test.each([
    ['Deployment', 'web', '/spec/template/spec/containers/1/image'],
    ['StatefulSet', 'proxy', '/spec/template/spec/containers/0/image'],
    ['DaemonSet', 'migrate', '/spec/template/spec/initContainers/0/image'],
    ['CronJob', 'web', '/spec/jobTemplate/spec/template/spec/containers/1/image'],
    ['CronJob', 'migrate', '/spec/jobTemplate/spec/template/spec/initContainers/0/image'],
  ] as const)('%s, container %s: %s', (kind, container, path) => {
    expect(pathsOf(patchOf({ ref: ref(kind), containers }, { container }), 'replace')).toEqual([path]);
  });
});

describe('refusals', () => {
  test.each([
    ['a container that is not there', {}, { container: 'gone' }, 'container.missing'],
    ['a workload being deleted', { deleting: true }, {}, 'workload.deleting'],
    ['a newer fence', { annotations: { [FENCE]: '8' } }, {}, 'fence.stale'],
    ['a newer fence of more digits', { annotations: { [FENCE]: '10' } }, { fence: 9 }, 'fence.stale'],
    [
      'a fence beyond 2^53',
      { annotations: { [FENCE]: '9007199254740993' } },
      { fence: 9007199254740991 },
      'fence.stale',
    ],
    ['a fence that is no number', { annotations: { [FENCE]: 'seven' } }, {}, 'fence.unreadable'],
    ['a fence below zero', { annotations: { [FENCE]: '-1' } }, {}, 'fence.unreadable'],
  ])('%s gives its code', (_, workload, change, code) => {
    expect(build(workload, change)).toMatchObject({ ok: false, code });
  });

  test('a stale fence says both tokens and how to lift it', () => {
    const built = build({ annotations: { [FENCE]: '8' } });
    expect(built.ok ? '' : built.reason).toMatch(
      /token 8.*older 7.*kubectl -n shop annotate deployment web drydock\.dev\/web\.fence-/s,
    );
  });

  test('the fence of another target of the same workload says nothing about this one', () => {
    expect(build({ annotations: { [fenceOf('sidecar')]: '99' } }).ok).toBe(true);
  });

  test('the same fence, or an older one, is written over: a step may run twice', () => {
    expect(build({ annotations: { [FENCE]: '7' } }).ok).toBe(true);
    expect(build({ annotations: { [FENCE]: '6' } }).ok).toBe(true);
  });
});

describe('the same image again', () => {
  test('changes no image and forgets no previous one', () => {
    const patch = patchOf({ image: NEW, annotations: { [PREVIOUS_IMAGE]: `web=${OLD}` } });
    expect(pathsOf(patch, 'replace')).toEqual([]);
    expect(JSON.stringify(patch)).not.toContain('previous-image');
  });
  test('with a restart touches the pod template', () => {
    expect(patchOf({ image: NEW }, { restart: true }).slice(-2)).toEqual([
      { op: 'test', path: '/spec/template/metadata/annotations', value: null },
      { op: 'add', path: '/spec/template/metadata/annotations', value: { [RESTARTED_BY]: 'rollout-1' } },
    ]);
    const annotated = patchOf({ image: NEW, templateAnnotations: { other: 'x' } }, { restart: true });
    expect(annotated.at(-1)).toEqual({
      op: 'add',
      path: '/spec/template/metadata/annotations/drydock.dev~1restarted-by',
      value: 'rollout-1',
    });
  });
  test('with a restart of a CronJob touches nothing: its next run takes the template anyway', () => {
    const ref = { kind: 'CronJob', namespace: 'shop', name: 'web' } as const;
    expect(JSON.stringify(patchOf({ ref, image: NEW }, { restart: true }))).not.toContain('restarted-by');
  });
});

test('of two fences only the greater or equal one may write', () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(), (written, ours) => {
      expect(build({ annotations: { [FENCE]: String(written) } }, { fence: ours }).ok).toBe(ours >= written);
    }),
  );
});
