import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';

/** An object of the Kubernetes API and the path of the collection it is created in. */
export interface SampleObject {
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Of a hundred objects: those whose kinds the table of deprecations names, and Helm releases; the rest is neither. */
const SHARES = { ruled: 25, releases: 1 } as const;
export const NAMESPACES = 20;
/** Uncompressed size of the JSON of one Helm release. */
const RELEASE_BYTES = 20_000;

/**
 * What a cluster of that many objects holds: a quarter of ruled kinds, each with kubectl's annotation, one in ten of
 * them written by a version that is gone or on its way out; a Helm release in a hundred; ConfigMaps besides.
 */
export const sampleObject = (index: number): SampleObject => {
  const namespace = `bench-${index % NAMESPACES}`;
  const share = index % 100;
  if (share < SHARES.ruled) return ruledObject(index, namespace);
  if (share < SHARES.ruled + SHARES.releases) return helmRelease(index, namespace);
  return {
    path: `/api/v1/namespaces/${namespace}/configmaps`,
    body: {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: `settings-${index}`, labels: labels(index) },
      data: { 'application.yaml': filler(index, 800) },
    },
  };
};

const labels = (index: number) => ({ app: `app-${index % 50}`, 'app.kubernetes.io/part-of': 'bench' });

/** Text that compresses about as well as YAML does. */
const filler = (seed: number, length: number): string => {
  let text = '';
  for (let part = 0; text.length < length; part++) {
    text += `key-${part}: ${createHash('sha256').update(`${seed}-${part}`).digest('hex').slice(0, 24)} value value\n`;
  }
  return text.slice(0, length);
};

interface Ruled {
  readonly group: string;
  readonly served: string;
  readonly old: string;
  readonly resource: string;
  readonly kind: string;
  readonly content: (index: number) => Readonly<Record<string, unknown>>;
}

const RULED: readonly Ruled[] = [
  {
    group: 'networking.k8s.io',
    served: 'v1',
    old: 'v1beta1',
    resource: 'ingresses',
    kind: 'Ingress',
    content: (index) => ({
      spec: { defaultBackend: { service: { name: `web-${index}`, port: { number: 80 } } } },
    }),
  },
  {
    group: 'rbac.authorization.k8s.io',
    served: 'v1',
    old: 'v1beta1',
    resource: 'roles',
    kind: 'Role',
    content: () => ({ rules: [{ apiGroups: [''], resources: ['configmaps'], verbs: ['get', 'list'] }] }),
  },
  {
    group: 'policy',
    served: 'v1',
    old: 'v1beta1',
    resource: 'poddisruptionbudgets',
    kind: 'PodDisruptionBudget',
    content: (index) => ({ spec: { maxUnavailable: 1, selector: { matchLabels: { app: `app-${index}` } } } }),
  },
  {
    group: 'batch',
    served: 'v1',
    old: 'v1beta1',
    resource: 'cronjobs',
    kind: 'CronJob',
    content: () => ({
      spec: {
        schedule: '0 3 * * *',
        suspend: true,
        jobTemplate: {
          spec: {
            template: {
              spec: {
                restartPolicy: 'Never',
                containers: [{ name: 'job', image: 'registry.example.com/job:1' }],
              },
            },
          },
        },
      },
    }),
  },
];

/** One ruled object in so many was last applied by an old version. */
const OLD_EVERY = 10;

const ruledObject = (index: number, namespace: string): SampleObject => {
  const ruled = RULED[index % RULED.length];
  if (!ruled) throw new Error('There is no ruled kind.');
  const name = `${ruled.kind.toLowerCase()}-${index}`;
  const content = ruled.content(index);
  const written = index % OLD_EVERY === 0 ? ruled.old : ruled.served;
  const applied = {
    apiVersion: `${ruled.group}/${written}`,
    kind: ruled.kind,
    metadata: { name, namespace, annotations: {}, labels: labels(index) },
    ...content,
  };
  return {
    path: `/apis/${ruled.group}/${ruled.served}/namespaces/${namespace}/${ruled.resource}`,
    body: {
      apiVersion: `${ruled.group}/${ruled.served}`,
      kind: ruled.kind,
      metadata: {
        name,
        labels: labels(index),
        annotations: { 'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify(applied) },
      },
      ...content,
    },
  };
};

/** As Helm 3 stores a release: JSON, gzip, base64, and the base64 of Secrets around it. */
const helmRelease = (index: number, namespace: string): SampleObject => {
  const name = `release-${index}`;
  const manifest = [
    `---\n# Source: ${name}/templates/ingress.yaml\napiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: ${name}\n`,
    `---\n# Source: ${name}/templates/budget.yaml\napiVersion: policy/v1beta1\nkind: PodDisruptionBudget\nmetadata:\n  name: ${name}\n`,
    `---\n# Source: ${name}/templates/settings.yaml\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n`,
  ].join('');
  const release = JSON.stringify({
    name,
    namespace,
    version: 1,
    info: { status: 'deployed', notes: filler(index, RELEASE_BYTES - manifest.length) },
    chart: { metadata: { name: 'bench', version: '1.0.0', appVersion: '1.0.0' } },
    manifest,
  });
  const stored = gzipSync(release).toString('base64');
  return {
    path: `/api/v1/namespaces/${namespace}/secrets`,
    body: {
      apiVersion: 'v1',
      kind: 'Secret',
      type: 'helm.sh/release.v1',
      metadata: {
        name: `sh.helm.release.v1.${name}.v1`,
        labels: { owner: 'helm', name, status: 'deployed', version: '1' },
      },
      data: { release: Buffer.from(stored).toString('base64') },
    },
  };
};
