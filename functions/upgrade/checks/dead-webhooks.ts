import { defineCheck } from '../check.ts';

/**
 * Webhooks that must answer and can not: nobody is behind their Service. With failurePolicy Fail the API server then
 * refuses what they catch, so new nodes and moved pods never come up. It is so already; an upgrade makes it felt.
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
        result: 'block',
        subject: `${kind} webhook ${configuration}/${name}`,
        message: `It must answer for ${catches.join(', ')}, and its Service ${service ?? ''} has no ready endpoint: the API server refuses them, so nothing comes up on new nodes.`,
        remedy: {
          text: 'Bring its pods back, or remove the configuration when its product is gone.',
          command: `kubectl delete ${kind}webhookconfiguration ${configuration}`,
          link: 'https://docs.aws.amazon.com/eks/latest/best-practices/cluster-upgrades.html',
        },
        evidence: [`failurePolicy Fail, catches ${catches.join(', ')}, 0 ready endpoints`],
      })),
});
