/** One object of each kind that collectors fold, as people write them. `namespace` is where they lie. */
export const clusterObjects = (namespace: string) => {
  const labels = { app: 'web' };
  const inNamespace = (name: string) => ({ metadata: { name, namespace } });
  const container = { name: 'web', image: 'registry.example.com/shop/web:1.0.0' };
  const template = (spec: object = {}) => ({
    metadata: { labels },
    spec: { containers: [container], ...spec },
  });
  const selector = { matchLabels: labels };
  return [
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      ...inNamespace('web'),
      spec: {
        replicas: 2,
        selector,
        template: template({
          volumes: [{ name: 'source', gitRepo: { repository: 'https://git.example.com/a.git' } }],
        }),
      },
    },
    { apiVersion: 'v1', kind: 'Pod', ...inNamespace('alone'), spec: { containers: [container] } },
    {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      ...inNamespace('nightly'),
      spec: {
        schedule: '0 0 * * *',
        jobTemplate: { spec: { template: template({ restartPolicy: 'Never' }) } },
      },
    },
    {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      ...inNamespace('web'),
      spec: { minAvailable: '100%', selector },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      ...inNamespace('web'),
      spec: { ports: [{ port: 80 }], externalIPs: ['192.0.2.7'] },
    },
    {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      addressType: 'IPv4',
      metadata: { name: 'web-1', namespace, labels: { 'kubernetes.io/service-name': 'web' } },
      endpoints: [
        { addresses: ['10.0.0.1'], conditions: { ready: true } },
        { addresses: ['10.0.0.2'], conditions: { ready: false } },
      ],
      ports: [{ port: 443 }],
    },
    {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingWebhookConfiguration',
      metadata: { name: 'shop' },
      webhooks: [
        {
          name: 'pods.shop.example.com',
          failurePolicy: 'Ignore',
          sideEffects: 'None',
          admissionReviewVersions: ['v1'],
          timeoutSeconds: 1,
          clientConfig: { service: { namespace, name: 'web', path: '/' } },
          rules: [
            { apiGroups: [''], apiVersions: ['v1'], resources: ['pods'], operations: ['DELETE'], scope: '*' },
          ],
        },
      ],
    },
    {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: { name: 'kube-proxy', namespace: 'kube-system' },
      spec: {
        selector,
        template: template({
          nodeSelector: { 'kubernetes.io/os': 'none' },
          containers: [
            { name: 'kube-proxy', image: 'registry.example.com/eks/kube-proxy:v1.35.2-eksbuild.4' },
          ],
        }),
      },
    },
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'kube-proxy-config', namespace: 'kube-system' },
      data: { config: 'kind: KubeProxyConfiguration\nmode: ipvs\n' },
    },
  ];
};
