import { expect, test } from 'vitest';
import { collectKubeProxy } from '../../../functions/upgrade/collectors/kubernetes-kube-proxy.ts';
import { collectAll } from '../../support/collect-all.ts';
import { fakeKubernetesReader } from '../../support/fake-kubernetes-reader.ts';

const NAMESPACE = 'kube-system';
const daemonSet = (
  image: string,
  command: readonly string[] = ['kube-proxy', '--v=2'],
  name = 'kube-proxy',
) => ({
  metadata: { namespace: NAMESPACE, name },
  spec: { template: { spec: { containers: [{ name: 'kube-proxy', image, command }] } } },
});
const configMap = (config: string) => ({
  metadata: { namespace: NAMESPACE, name: 'kube-proxy-config' },
  data: { config },
});

const read = async (
  daemonSets: readonly object[],
  configMaps: readonly object[],
  forbidden: string[] = [],
) => {
  const objects = { 'daemonsets.apps': daemonSets, configmaps: configMaps };
  const { facts } = await collectAll(collectKubeProxy, fakeKubernetesReader({ objects, forbidden }));
  return facts.kubeProxy ?? { items: [], unread: [] };
};

const IMAGE = '602401143452.dkr.ecr.eu-central-1.amazonaws.com/eks/kube-proxy:v1.35.2-minimal-eksbuild.4';

test.each<[string, string, string | undefined]>([
  ['the image of EKS', IMAGE, '1.35'],
  ['a digest behind the tag', `${IMAGE}@sha256:${'1'.repeat(64)}`, '1.35'],
  ['a registry with a port and no tag', 'registry:5000/kube-proxy', undefined],
  ['no version in the tag', 'kube-proxy:latest', undefined],
])('%s: %s is version %s', async (_, image, version) => {
  expect((await read([daemonSet(image)], [])).items[0]?.version).toBe(version);
});

test.each<[string, string, readonly string[], string]>([
  ['the configuration', 'kind: KubeProxyConfiguration\nmode: "ipvs"\n', [], 'ipvs'],
  ['the configuration before the flag', 'mode: nftables', ['--proxy-mode=ipvs'], 'nftables'],
  ['the flag where the configuration is silent', 'mode: ""', ['--proxy-mode=ipvs'], 'ipvs'],
  ['the default', 'mode: null', [], 'iptables'],
])('the mode comes from %s (%#)', async (_, config, command, mode) => {
  expect(await read([daemonSet(IMAGE, command)], [configMap(config)])).toMatchObject({
    items: [{ image: IMAGE, mode }],
    unread: [],
  });
});

test('Auto Mode has no kube-proxy, and what an add-on left behind is none', async () => {
  expect(await read([daemonSet(IMAGE, [], 'aws-node')], [configMap('mode: ipvs')])).toEqual({
    items: [],
    unread: [],
  });
});

test.each(['{{{', 'just words'])('a configuration that nobody can read is said: %s', async (config) => {
  const { unread } = await read([daemonSet(IMAGE)], [configMap(config)]);
  expect(unread).toMatchObject([{ what: 'ConfigMap kube-system/kube-proxy-config' }]);
});

test('a configuration that may not be read is said: the default would be a guess', async () => {
  const { unread } = await read([daemonSet(IMAGE)], [], ['configmaps']);
  expect(unread).toMatchObject([{ what: 'configmaps', permission: 'list configmaps' }]);
});

test('only these two objects are asked for, so that a role may name them', async () => {
  const reader = fakeKubernetesReader({ objects: { 'daemonsets.apps': [daemonSet(IMAGE)] } });
  await collectAll(collectKubeProxy, reader);
  expect(reader.questions).toMatchObject([
    { namespace: NAMESPACE, fieldSelector: 'metadata.name=kube-proxy' },
    { namespace: NAMESPACE, fieldSelector: 'metadata.name=kube-proxy-config' },
  ]);
});
