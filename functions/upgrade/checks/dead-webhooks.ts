import { defineCheck } from '../check.ts';

/**
 * Webhooks that must answer and cannot: nobody is behind their Service. With failurePolicy Fail the API server then
 * refuses what they catch. Nodes, their leases and the pods of kube-system are what no new node comes up without:
 * that blocks. Pods of other namespaces warn, for a selector may leave all of them out. It is so already; an upgrade
 * makes it felt.
 */
export const deadWebhooks = defineCheck({
  code: 'dead-webhooks',
  title: 'Every admission webhook that must answer has somebody behind it',
  reads: ['webhooks'],
  judge: ({ webhooks }) =>
    webhooks
      .filter(
        ({ failurePolicy, readyEndpoints, catches }) =>
          failurePolicy === 'Fail' && readyEndpoints === 0 && catches.length > 0,
      )
      .map(({ configuration, kind, name, service, catches }) => ({
        result: catches.some((word) => VITAL.has(word)) ? 'block' : 'warn',
        subject: `${kind} webhook ${configuration}/${name}`,
        message: `It must answer for ${catches.map((word) => WORDS[word] ?? word).join(', ')}, and its Service ${service ?? ''} has no ready endpoint: the API server refuses them, ${catches.some((word) => VITAL.has(word)) ? 'so no new node gets ready' : 'so pods that a drain moves may not come up again'}.`,
        remedy: {
          text: `Bring its pods back; the command shows what is behind it. When its product is gone, remove the ${kind} webhook configuration ${configuration}.`,
          command: lookBehind(service),
          link: 'https://docs.aws.amazon.com/eks/latest/best-practices/cluster-upgrades.html',
        },
        evidence: [`failurePolicy Fail, catches ${catches.join(', ')}, 0 ready endpoints`],
      })),
});

const VITAL: ReadonlySet<string> = new Set(['nodes', 'leases', 'kube-system']);

const WORDS: Readonly<Record<string, string>> = {
  'kube-system': 'pods of kube-system',
  'own namespace': 'pods of its own namespace',
};

const lookBehind = (service = ''): string => {
  const [namespace = '', name = ''] = service.split('/');
  return `kubectl -n ${namespace} get endpointslices -l kubernetes.io/service-name=${name}; kubectl -n ${namespace} get pods`;
};
