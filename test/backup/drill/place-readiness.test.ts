import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeReadiness, type ReadinessFacts } from '../../../functions/backup/drill/place-readiness.ts';
import { findAwake, findSidekiqLabels, listWaking } from '../../../functions/backup/drill/workload-kinds.ts';
import type { Autoscaler } from '../../../functions/clients/kubernetes-scaling.ts';
import { buildWorkload } from './drill-builders.ts';

const APPS = [
  'gitaly',
  'praefect',
  'redis',
  'webservice',
  'sidekiq',
  'mailroom',
  'kas',
  'registry',
  'gitlab-shell',
  'toolbox',
];
const release = APPS.map((app) => buildWorkload(app));
const names = (all: readonly { readonly workload: { readonly name: string } }[]): string[] =>
  all.map(({ workload }) => workload.name);

describe('what a drill scales up', () => {
  it('is the storages for the restore, and the web pods for the checks', () => {
    expect(names(listWaking(release, 'gitlab', 'restore'))).toEqual([
      'gitlab-gitaly',
      'gitlab-praefect',
      'gitlab-redis',
    ]);
    expect(names(listWaking(release, 'gitlab', 'check'))).toContain('gitlab-webservice');
  });

  it('is known by the labels of other charts as well, and only of its release', () => {
    const labels = (instance: string) => ({
      'app.kubernetes.io/name': 'redis',
      'app.kubernetes.io/instance': instance,
    });
    const own = buildWorkload('redis-master', { podLabels: labels('gitlab') });
    const other = buildWorkload('redis-other', { podLabels: labels('other') });
    expect(names(listWaking([own, other], 'gitlab', 'restore'))).toEqual(['gitlab-redis-master']);
  });

  it('is never what reaches out, nor what is up already', () => {
    const app = fc.constantFrom(...APPS, 'postgresql', 'minio');
    const workload = fc
      .record({ app, name: fc.option(app, { nil: undefined }), replicas: fc.nat(2) })
      .map(({ app: label, name, replicas }) =>
        buildWorkload(label, {
          replicas,
          podLabels: {
            app: label,
            release: 'gitlab',
            ...(name === undefined
              ? {}
              : { 'app.kubernetes.io/name': name, 'app.kubernetes.io/instance': 'gitlab' }),
          },
        }),
      );
    fc.assert(
      fc.property(
        fc.array(workload),
        fc.constantFrom<'restore' | 'check'>('restore', 'check'),
        (all, phase) => {
          for (const { workload: woken } of listWaking(all, 'gitlab', phase)) {
            const labels = Object.values(woken.podLabels);
            expect(labels).not.toContain('sidekiq');
            expect(labels).not.toContain('mailroom');
            expect(woken.replicas).toBe(0);
          }
        },
      ),
    );
  });
});

describe('what must be at 0', () => {
  it.each([
    ['Sidekiq that is scaled up', buildWorkload('sidekiq', { replicas: 1 }), 1],
    ['a pod of Sidekiq that is still there', buildWorkload('sidekiq', { pods: 1 }), 1],
    ['mailroom', buildWorkload('mailroom', { replicas: 1 }), 1],
    [
      'Sidekiq of another release',
      buildWorkload('sidekiq', { replicas: 1, podLabels: { app: 'sidekiq', release: 'other' } }),
      1,
    ],
    ['Gitaly may be up', buildWorkload('gitaly', { replicas: 1 }), 0],
    ['Sidekiq at 0', buildWorkload('sidekiq'), 0],
  ])('%s', (_, workload, count) => {
    expect(findAwake([workload])).toHaveLength(count);
  });

  it('lends its labels to the probe', () => {
    expect(findSidekiqLabels(release, 'gitlab')).toEqual({ app: 'sidekiq', release: 'gitlab' });
    expect(findSidekiqLabels(release, 'other')).toBeUndefined();
  });
});

const known = <T>(value: T) => ({ known: true, value }) as const;
const unknown = { known: false, why: 'no right' } as const;
const scaler = (kind: Autoscaler['kind'], annotations: Record<string, string> = {}): Autoscaler => ({
  kind,
  namespace: 'gitlab-drill',
  name: 'sidekiq',
  uid: 'scaler',
  target: { kind: 'Deployment', name: 'gitlab-sidekiq' },
  minReplicas: 0,
  annotations,
  owners: [],
});
const FIT: ReadinessFacts = {
  release: 'gitlab',
  version: known('18.10.0-ee'),
  setVersion: '18.10.0-ee',
  mail: known({ on: [] }),
  workloads: known(release),
  autoscalers: known([
    scaler('HorizontalPodAutoscaler'),
    scaler('ScaledObject', { 'autoscaling.keda.sh/paused': 'true' }),
  ]),
};

describe('a place is fit', () => {
  it('with the version of the set, mail off, and everything at 0', () => {
    expect(judgeReadiness(FIT)).toEqual([]);
  });

  it.each<[string, Partial<ReadinessFacts>]>([
    ['GitLab 18.9.0-ee stands there', { version: known('18.9.0-ee') }],
    ['GitLab 18.10.0-ce stands there', { version: known('18.10.0-ce') }],
    ['Which GitLab stands there is not known: no right', { version: unknown }],
    ['set global.smtp.enabled to false', { mail: known({ on: ['global.smtp.enabled'] }) }],
    ['Whether mail is off there is not known', { mail: unknown }],
    [
      'is not at 0: a place that is at work',
      { workloads: known([...release, buildWorkload('web', { replicas: 2 })]) },
    ],
    ['There is no Sidekiq of release gitlab', { workloads: known([buildWorkload('gitaly')]) }],
    ['What runs there is not known', { workloads: unknown }],
    ['scales gitlab-sidekiq up by itself', { autoscalers: known([scaler('ScaledObject')]) }],
    ['What scales there by itself is not known', { autoscalers: unknown }],
  ])('not when %s', (message, change) => {
    expect(judgeReadiness({ ...FIT, ...change })).toEqual([expect.stringContaining(message)]);
  });
});
