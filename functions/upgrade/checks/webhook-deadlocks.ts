import type { WebhookFact } from '../../records/upgrade/kubernetes-facts.ts';
import { defineCheck } from '../check.ts';

/** Webhooks that must allow their own pods: once all of those are gone, nothing can bring them back. */
export const webhookDeadlocks = defineCheck({
  code: 'webhook-deadlocks',
  title: 'No admission webhook has to allow its own pods',
  reads: ['webhooks'],
  judge: ({ webhooks }) =>
    webhooks.filter(catchesItself).map(({ configuration, kind, name, service, timeoutSeconds }) => ({
      result: 'warn',
      subject: `${kind} webhook ${configuration}/${name}`,
      message: `It must allow pods in the namespace of its own Service ${service ?? ''}: when a drain takes the last of its pods, the new ones are refused, and so is every other pod it catches.`,
      remedy: {
        text: 'Leave its own namespace out by a namespaceSelector, and run two of its pods with a disruption budget.',
        command: `kubectl get ${kind}webhookconfiguration ${configuration} -o yaml`,
        link: 'https://kubernetes.io/docs/concepts/cluster-administration/admission-webhooks-good-practices/',
      },
      evidence: [`failurePolicy Fail, own namespace not left out, waits ${timeoutSeconds} s`],
    })),
});

const catchesItself = ({ failurePolicy, service, catches, exceptNamespaces }: WebhookFact): boolean => {
  const [namespace] = service?.split('/') ?? [];
  return (
    failurePolicy === 'Fail' &&
    namespace !== undefined &&
    catches.includes('pods') &&
    catches.includes('own namespace') &&
    !exceptNamespaces.includes(namespace)
  );
};
