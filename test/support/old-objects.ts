import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type KubernetesObject, type KubernetesObjectApi, PatchStrategy } from '@kubernetes/client-node';

/** Objects that were written by API versions on their way out, each made in the way that it happens to people. */

/** Applies an object server-side, as `kubectl apply --server-side --field-manager` does. */
export const applyObject = async (
  api: KubernetesObjectApi,
  object: KubernetesObject,
  manager: string,
): Promise<void> => {
  await api.patch(object, undefined, undefined, manager, true, PatchStrategy.ServerSideApply);
};

/** A VolumeAttributesClass, which EKS served as a beta for years. */
export const volumeAttributesClass = (
  name: string,
  version: 'v1' | 'v1beta1',
  annotations: Record<string, string> = {},
) => ({
  apiVersion: `storage.k8s.io/${version}`,
  kind: 'VolumeAttributesClass',
  metadata: { name, annotations },
  driverName: 'ebs.csi.aws.com',
  parameters: { iops: '3000' },
});

/** The note that `kubectl apply` leaves. */
export const lastApplied = (object: object): Record<string, string> => ({
  'kubectl.kubernetes.io/last-applied-configuration': `${JSON.stringify(object)}\n`,
});

const ANYTHING = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };

/**
 * A CustomResourceDefinition.
 *
 * @param versions the first one is stored.
 * @param webhook converts between them by a webhook that is not there, in place of doing nothing.
 */
export const customResource = (
  group: string,
  plural: string,
  kind: string,
  versions: readonly string[],
  { namespaced = false, webhook = false } = {},
) => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: {
    name: `${plural}.${group}`,
    // What the API server asks for before it takes a group of the project's own.
    annotations: { 'api-approved.kubernetes.io': 'unapproved, for a test' },
  },
  spec: {
    group,
    names: { plural, kind, singular: kind.toLowerCase(), listKind: `${kind}List` },
    scope: namespaced ? 'Namespaced' : 'Cluster',
    versions: versions.map((name, index) => ({ name, served: true, storage: index === 0, schema: ANYTHING })),
    conversion: webhook ? LOST_CONVERSION : { strategy: 'None' },
  },
});

const LOST_CONVERSION = {
  strategy: 'Webhook',
  webhook: {
    conversionReviewVersions: ['v1'],
    clientConfig: { service: { namespace: 'nowhere', name: 'lost', path: '/convert' } },
  },
};

/** Writes a chart with one manifest. @returns its folder. */
export const writeChart = async (folder: string, name: string, manifest: string): Promise<string> => {
  const chart = join(folder, name);
  await mkdir(join(chart, 'templates'), { recursive: true });
  await writeFile(
    join(chart, 'Chart.yaml'),
    `apiVersion: v2\nname: ${name}\nversion: 1.2.3\nappVersion: "4.5.6"\n`,
  );
  await writeFile(join(chart, 'templates', 'object.yaml'), manifest);
  return chart;
};
