import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  decodeHelmRelease,
  keepNewestRevisions,
} from '../../../functions/upgrade/deprecations/helm-release.ts';
import { buildHelmRelease } from '../../support/upgrade-facts.ts';

const MANIFEST = `---
# Source: shop/templates/role.yaml
apiVersion: rbac.authorization.k8s.io/v1beta1
kind: ClusterRole
metadata:
  name: reader
---
# Source: shop/templates/ingress.yaml
apiVersion: extensions/v1beta1
kind: Ingress
metadata:
  name: web
`;

const RELEASE = {
  name: 'shop',
  namespace: 'sales',
  version: 3,
  info: { status: 'deployed', notes: 'hello' },
  chart: { metadata: { name: 'web', version: '1.2.3', appVersion: 4.5 }, values: {} },
  manifest: MANIFEST,
};

const base64 = (bytes: string | Uint8Array): string => Buffer.from(bytes).toString('base64');
/** As Helm stores it, before the API server adds its own base64 for a Secret. */
const store = (release: unknown): string => base64(gzipSync(JSON.stringify(release)));

describe('decoding a Helm release', () => {
  it('gives the chart, and the objects of ruled versions with their namespaces', () => {
    expect(decodeHelmRelease(base64(store(RELEASE)), 'secret')).toEqual({
      ok: true,
      release: {
        namespace: 'sales',
        name: 'shop',
        revision: 3,
        chart: 'web',
        chartVersion: '1.2.3',
        appVersion: '4.5',
        objects: [
          {
            kind: 'ClusterRole',
            namespace: '',
            name: 'reader',
            evidence: [
              {
                source: 'helm',
                apiVersion: 'rbac.authorization.k8s.io/v1beta1',
                confidence: 'high',
                release: 'sales/shop',
                line: 3,
                template: 'shop/templates/role.yaml',
              },
            ],
          },
          {
            kind: 'Ingress',
            namespace: 'sales',
            name: 'web',
            evidence: [
              {
                source: 'helm',
                apiVersion: 'extensions/v1beta1',
                confidence: 'high',
                release: 'sales/shop',
                line: 9,
                template: 'shop/templates/ingress.yaml',
              },
            ],
          },
        ],
        faults: [],
      },
    });
  });

  it.each([
    ['a ConfigMap, one base64 less', store(RELEASE), 'configmap' as const],
    ['bytes', Buffer.from(base64(store(RELEASE))), 'secret' as const],
    ['no gzip, of before compression', base64(base64(JSON.stringify(RELEASE))), 'secret' as const],
  ])('reads %s', (_, value, storage) => {
    expect(decodeHelmRelease(value, storage)).toEqual(decodeHelmRelease(base64(store(RELEASE)), 'secret'));
  });

  it('reads hooks, which lie beside the manifest', () => {
    const hooks = [
      { path: 'shop/templates/hook.yaml', manifest: 'apiVersion: batch/v1beta1\nkind: CronJob\n' },
    ];
    const decoded = decodeHelmRelease(store({ ...RELEASE, manifest: '', hooks }), 'configmap');
    expect(decoded).toMatchObject({
      release: { objects: [{ kind: 'CronJob', evidence: [{ template: 'shop/templates/hook.yaml' }] }] },
    });
  });

  it('reads a release with the least that Helm writes', () => {
    expect(decodeHelmRelease(store({ name: 'a', version: 1, hooks: null }), 'configmap')).toMatchObject({
      ok: true,
      release: { name: 'a', chart: '', objects: [] },
    });
  });

  it('keeps what is wrong with the manifest beside what is right', () => {
    const manifest = `${MANIFEST}---\napiVersion: policy/v1beta1\nkind: PodDisruptionBudget\nmetadata: "`;
    expect(decodeHelmRelease(store({ ...RELEASE, manifest }), 'configmap')).toMatchObject({
      ok: true,
      release: {
        objects: [{}, {}, { kind: 'PodDisruptionBudget' }],
        faults: [expect.stringMatching(/^its manifest, line \d+: Missing closing/)],
      },
    });
  });

  it('reads a release of a megabyte', () => {
    const noise = Array.from({ length: 120_000 }, (_, index) => `${index * 7919}`).join(' ');
    const stored = store({ ...RELEASE, config: noise });
    expect(stored.length).toBeGreaterThan(400_000);
    expect(decodeHelmRelease(stored, 'configmap')).toMatchObject({ ok: true });
  });

  it.each<[string, string | Uint8Array, string]>([
    ['nothing', '', 'it is no release of Helm 3: not JSON, or without name and version'],
    ['no base64', '%%%%', 'it is no release of Helm 3: not JSON, or without name and version'],
    [
      'no release',
      base64(store([1, 2])),
      'it is no release of Helm 3: not JSON, or without name and version',
    ],
    [
      'a gzip that was cut',
      base64(base64(gzipSync(JSON.stringify(RELEASE)).subarray(0, 200))),
      'its gzip is damaged or was cut',
    ],
    [
      'a gzip that was damaged',
      base64(base64(Buffer.concat([Buffer.from([0x1f, 0x8b]), Buffer.alloc(40, 7)]))),
      'its gzip is damaged or was cut',
    ],
    [
      'a gzip bomb',
      base64(base64(gzipSync(Buffer.alloc(70 * 1024 * 1024)))),
      'it inflates to more than 64 MiB',
    ],
    ['more than a Secret can hold', 'A'.repeat(5 * 1024 * 1024), 'it is larger than 4 MiB'],
  ])('%s is a fault', (_, value, reason) => {
    expect(decodeHelmRelease(value, 'secret')).toEqual({ ok: false, reason });
  });
});

describe('several deployed revisions of one release', () => {
  it('are the highest, and a fault for each other', () => {
    const kept = keepNewestRevisions([
      buildHelmRelease({ revision: 2 }),
      buildHelmRelease({ revision: 11 }),
      buildHelmRelease({ revision: 9 }),
      buildHelmRelease({ namespace: 'other', revision: 1 }),
    ]);
    expect(kept.map(({ namespace, revision, faults }) => [namespace, revision, faults])).toEqual([
      [
        'gitlab',
        11,
        [
          'revision 9 is marked as deployed too, beside 11',
          'revision 2 is marked as deployed too, beside 11',
        ],
      ],
      ['other', 1, []],
    ]);
  });
});
