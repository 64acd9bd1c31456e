import { insights } from '../../../functions/upgrade/checks/insights.ts';
import { describeCheck } from '../../support/describe-check.ts';
import { buildInsight, topicOf } from '../../support/upgrade-facts.ts';

const one = (overrides: Parameters<typeof buildInsight>[0]) => ({
  insights: topicOf(buildInsight(overrides)),
});
/** Beside one about readiness that passes. */
const beside = (overrides: Parameters<typeof buildInsight>[0]) => ({
  insights: topicOf(buildInsight({ id: 'd4e5f6', name: 'Cluster health issues' }), buildInsight(overrides)),
});
const deprecation = {
  usage: '/apis/a/v1beta1/b',
  replacedWith: '/apis/a/v1/b',
  stopServing: '1.36',
  clients: [],
};

describeCheck(insights, [
  { it: 'passes what EKS passes', given: {}, finds: [] },
  {
    it: 'does not take a cluster into which EKS has not looked for one that is well',
    given: { insights: topicOf() },
    finds: ['not-checked insights'],
    says: ['aws eks start-insights-refresh --region eu-central-1 --cluster-name gitlab'],
  },
  {
    it: 'nor one of which EKS knows settings alone',
    given: one({ category: 'MISCONFIGURATION' }),
    finds: ['not-checked insights'],
  },
  {
    it: 'blocks an ERROR for this version, with its resources and how fresh it is',
    given: one({
      status: 'ERROR',
      reason: 'Nodes are too old.',
      resources: [{ name: 'node-1', status: 'ERROR' }],
      links: { Guide: 'https://example.com/guide' },
    }),
    finds: ['block insight Kubelet version skew'],
    says: [
      'Nodes are too old.',
      'node-1: ERROR',
      'refreshed by EKS at 2026-11-21T03:00:00.000Z',
      'aws eks describe-insight --region eu-central-1 --cluster-name gitlab --id a1b2c3',
      'https://example.com/guide',
    ],
  },
  {
    it: 'takes the description where EKS recommends nothing',
    given: one({ status: 'WARNING', recommendation: '', description: 'It looks at nodes.' }),
    finds: ['warn insight Kubelet version skew'],
    says: ['It looks at nodes.', 'EKS says WARNING'],
  },
  {
    it: 'warns of a WARNING',
    given: one({ status: 'WARNING' }),
    finds: ['warn insight Kubelet version skew'],
  },
  {
    it: 'calls UNKNOWN not checked',
    given: one({ status: 'UNKNOWN' }),
    finds: ['not-checked insight Kubelet version skew'],
    says: ['EKS could not find out'],
  },
  {
    it: 'leaves an insight of another version to its own step',
    given: one({ status: 'ERROR', version: '1.37' }),
    finds: [],
  },
  {
    it: 'judges that one when the way goes there',
    given: one({ status: 'ERROR', version: '1.37' }),
    current: '1.35',
    to: '1.37',
    finds: ['block insight Kubelet version skew'],
  },
  {
    it: 'blocks an ERROR that speaks of any version',
    given: one({ status: 'ERROR', version: undefined }),
    finds: ['block insight Kubelet version skew'],
  },
  {
    it: 'leaves the way back alone',
    given: beside({ status: 'ERROR', category: 'ROLLBACK_READINESS' }),
    finds: [],
  },
  {
    it: 'leaves deprecated APIs to the check that has all evidence of them',
    given: one({ status: 'ERROR', deprecations: [deprecation] }),
    finds: [],
  },
  {
    it: 'only warns of a misconfiguration',
    given: beside({ status: 'ERROR', category: 'MISCONFIGURATION', version: undefined }),
    finds: ['warn insight Kubelet version skew'],
  },
  {
    it: 'lets the worst of two with one name speak, with the resources of both',
    given: {
      insights: topicOf(
        buildInsight({ status: 'WARNING', resources: [{ name: 'a', status: 'WARNING' }] }),
        buildInsight({ id: 'x', status: 'ERROR', resources: [{ name: 'b', status: 'ERROR' }] }),
      ),
    },
    finds: ['block insight Kubelet version skew'],
    says: ['a: WARNING', 'b: ERROR'],
  },
  {
    it: 'names the add-on versions that would do',
    given: one({
      name: 'EKS add-on version compatibility',
      status: 'ERROR',
      addons: [{ name: 'coredns', compatible: ['v1.13.2-eksbuild.4'] }],
    }),
    finds: ['block insight EKS add-on version compatibility'],
    says: ['coredns: v1.13.2-eksbuild.4'],
  },
]);
