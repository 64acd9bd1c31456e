import { deadWebhooks } from '../../../functions/upgrade/checks/dead-webhooks.ts';
import { describeCheck } from '../../support/describe-check.ts';
import { buildWebhook, topicOf } from '../../support/upgrade-facts.ts';

const dead = (overrides: Parameters<typeof buildWebhook>[0] = {}) => ({
  webhooks: topicOf(buildWebhook({ readyEndpoints: 0, catches: ['pods', 'kube-system'], ...overrides })),
});
const SUBJECT = 'validating webhook policy/validate.policy.example.com';

describeCheck(deadWebhooks, [
  { it: 'passes a webhook with somebody behind it', given: {}, finds: [] },
  {
    it: 'blocks a webhook for pods of kube-system with nobody behind it',
    given: dead(),
    finds: [`block ${SUBJECT}`],
    says: [
      'policy/policy-webhook',
      'no new node gets ready',
      'kubectl -n policy get endpointslices -l kubernetes.io/service-name=policy-webhook',
      'pods of kube-system',
    ],
  },
  { it: 'blocks one for nodes', given: dead({ catches: ['nodes'] }), finds: [`block ${SUBJECT}`] },
  {
    it: 'blocks one for the leases of nodes',
    given: dead({ catches: ['leases'] }),
    finds: [`block ${SUBJECT}`],
  },
  {
    it: 'only warns of one for pods that leaves kube-system out',
    given: dead({ catches: ['pods', 'own namespace'] }),
    finds: [`warn ${SUBJECT}`],
  },
  { it: 'passes one whose failure is ignored', given: dead({ failurePolicy: 'Ignore' }), finds: [] },
  { it: 'passes one that catches nothing of an upgrade', given: dead({ catches: [] }), finds: [] },
  {
    it: 'passes one by address, of which nobody knows who is behind it',
    given: dead({ service: undefined, url: 'https://policy.example.com', readyEndpoints: undefined }),
    finds: [],
  },
  {
    it: 'names the kind of the configuration',
    given: dead({ kind: 'mutating' }),
    finds: ['block mutating webhook policy/validate.policy.example.com'],
    says: ['the mutating webhook configuration policy'],
  },
]);
