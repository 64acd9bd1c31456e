import { webhookDeadlocks } from '../../../functions/upgrade/checks/webhook-deadlocks.ts';
import { describeCheck } from '../../support/describe-check.ts';
import { buildWebhook, topicOf } from '../../support/upgrade-facts.ts';

const own = (overrides: Parameters<typeof buildWebhook>[0] = {}) => ({
  webhooks: topicOf(
    buildWebhook({ catches: ['pods', 'own namespace'], exceptNamespaces: ['kube-system'], ...overrides }),
  ),
});

describeCheck(webhookDeadlocks, [
  { it: 'passes a webhook that leaves its own namespace out', given: {}, finds: [] },
  {
    it: 'warns of one that must allow its own pods',
    given: own(),
    finds: ['warn validating webhook policy/validate.policy.example.com'],
    says: ['policy/policy-webhook', 'namespaceSelector'],
  },
  { it: 'passes one whose failure is ignored', given: own({ failurePolicy: 'Ignore' }), finds: [] },
  { it: 'passes one that does not catch pods', given: own({ catches: ['nodes'] }), finds: [] },
  {
    it: 'passes one that names its own namespace as left out',
    given: own({ exceptNamespaces: ['policy'] }),
    finds: [],
  },
  {
    it: 'passes one by address, whose pods are elsewhere',
    given: own({ service: undefined, url: 'https://policy.example.com' }),
    finds: [],
  },
]);
