import type { V1NetworkPolicy, V1NetworkPolicySpec } from '@kubernetes/client-node';
import { describe, expect, it } from 'vitest';
import { isLetOut } from '../../infra/local/toolbox/network/network-policy.ts';

/** Whom the network of pods lets out, in the local world. Documentation of Kubernetes, "Network Policies". */

const policy = (spec: Partial<V1NetworkPolicySpec>, namespace = 'scratch'): V1NetworkPolicy => ({
  metadata: { namespace, name: 'one' },
  spec: { podSelector: {}, policyTypes: ['Egress'], ...spec },
});
const pod = { namespace: 'scratch', labels: { app: 'sidekiq', release: 'gitlab' } };
const database = { host: '127.0.0.2', port: 5432 };
const to = (cidr: string, ...ports: number[]) => ({
  to: [{ ipBlock: { cidr } }],
  ...(ports.length === 0 ? {} : { ports: ports.map((port) => ({ port, protocol: 'TCP' })) }),
});
const DENY = policy({});

const web = { host: '127.0.0.1', port: 8181, pod: { namespace: 'scratch', labels: { app: 'webservice' } } };

describe('a pod', () => {
  it.each<[string, V1NetworkPolicySpec['egress'], boolean]>([
    ['all pods of its namespace', [{ to: [{ podSelector: {} }] }], true],
    ['pods of that label', [{ to: [{ podSelector: { matchLabels: { app: 'webservice' } } }] }], true],
    ['pods of another label', [{ to: [{ podSelector: { matchLabels: { app: 'gitaly' } } }] }], false],
    [
      'its namespace by name',
      [{ to: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'scratch' } } }] }],
      true,
    ],
    [
      'another namespace',
      [{ to: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } } }] }],
      false,
    ],
    ['addresses of this machine', [to('127.0.0.0/8')], false],
  ])('that is allowed %s reaches web pods there: %j -> %s', (_, egress = [], isReached) => {
    expect(isLetOut([policy({ egress })], pod, web)).toBe(isReached);
  });

  it.each<[string, readonly V1NetworkPolicy[]]>([
    ['without any policy', []],
    ['of another namespace', [policy({}, 'other')]],
    ['that no selector means', [policy({ podSelector: { matchLabels: { app: 'webservice' } } })]],
    [
      'that an expression leaves out',
      [
        policy({
          podSelector: { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['sidekiq'] }] },
        }),
      ],
    ],
    ['whose policies are of the other direction', [policy({ policyTypes: ['Ingress'] })]],
    ['with a rule for its address and port', [policy({ egress: [to('127.0.0.2/32', 5432)] })]],
    ['with a rule for a wider range', [policy({ egress: [to('127.0.0.0/24', 5432)] })]],
    ['with a rule for all ports', [policy({ egress: [to('127.0.0.2/32')] })]],
    ['with a rule for all peers', [policy({ egress: [{ ports: [{ port: 5432 }] }] })]],
    ['with a range of ports', [policy({ egress: [{ ports: [{ port: 5000, endPort: 6000 }] }] })]],
    ['with an empty rule', [policy({ egress: [{}] })]],
    ['that one of many policies lets out', [DENY, policy({ egress: [to('127.0.0.2/32', 5432)] }), DENY]],
  ])('%s gets out', (_, policies) => {
    expect(isLetOut(policies, pod, database)).toBe(true);
  });

  it.each<[string, readonly V1NetworkPolicy[]]>([
    ['that a policy without rules selects', [DENY]],
    ['meant by a label', [policy({ podSelector: { matchLabels: { app: 'sidekiq' } } })]],
    [
      'meant by an expression',
      [policy({ podSelector: { matchExpressions: [{ key: 'release', operator: 'Exists' }] } })],
    ],
    ['with a rule for another address', [policy({ egress: [to('127.0.0.1/32', 5432)] })]],
    ['with a rule for another port', [policy({ egress: [to('127.0.0.2/32', 443)] })]],
    ['with a rule for datagrams', [policy({ egress: [{ ports: [{ port: 5432, protocol: 'UDP' }] }] })]],
    [
      'whose address is taken out of a range',
      [policy({ egress: [{ to: [{ ipBlock: { cidr: '127.0.0.0/8', except: ['127.0.0.2/32'] } }] }] })],
    ],
    ['with a rule for pods', [policy({ egress: [{ to: [{ podSelector: {} }] }] })]],
    ['with a rule for IPv6', [policy({ egress: [to('::/0')] })]],
  ])('%s does not', (_, policies) => {
    expect(isLetOut(policies, pod, database)).toBe(false);
  });
});
