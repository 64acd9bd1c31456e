import { isDeepStrictEqual } from 'node:util';
import type {
  NetworkPolicy,
  NetworkPolicyManifest,
  NetworkPolicySpec,
} from '../../records/kubernetes-network-policy.ts';
import type { AllowedEgress } from './allowed-egress.ts';
import { drillLabels, isOfDrill, nameDrillObject } from './drill-label.ts';

/** The NetworkPolicies that close a place, and whether they still do. */

const ALL_PODS = { podSelector: {} };
const EVERYTHING = ['Ingress', 'Egress'];

/** The cluster's own DNS. Source: Kubernetes documentation, "Automatic labelling" and "DNS for Services and Pods". */
const DNS_PEER = {
  namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } },
  podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
};

const port = (number: number, protocol: 'TCP' | 'UDP' = 'TCP') => ({ port: number, protocol });

/**
 * Two policies for all pods of the namespace, whatever their labels: nothing in and nothing out, and beside it what the
 * drill needs. In as well, since accounts and tokens of the real GitLab open a restored one.
 *
 * They say every field that the API server would fill in, so that what stands there can be compared.
 */
export const makeNetworkPolicies = (
  drill: string,
  namespace: string,
  allowed: readonly AllowedEgress[],
): NetworkPolicyManifest[] => {
  const make = (what: string, spec: NetworkPolicySpec): NetworkPolicyManifest => ({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { namespace, name: nameDrillObject(drill, what), labels: drillLabels(drill) },
    spec,
  });
  return [
    make('deny', { ...ALL_PODS, policyTypes: EVERYTHING }),
    make('allow', {
      ...ALL_PODS,
      policyTypes: EVERYTHING,
      ingress: [{ from: [ALL_PODS] }],
      egress: [
        { to: [ALL_PODS] },
        { to: [DNS_PEER], ports: [port(53, 'UDP'), port(53)] },
        ...allowed.map(({ cidr, ports }) => ({
          to: [{ ipBlock: { cidr } }],
          ports: ports.map((one) => port(one)),
        })),
      ],
    }),
  ];
};

/**
 * Policies of others that let something out: they add up, so one that allows all opens what ours deny.
 *
 * @returns sentences, empty when there are none.
 */
export const findOpenings = (policies: readonly NetworkPolicy[], drill: string): string[] =>
  policies
    .filter((one) => !isOfDrill(one, drill) && (one.spec.egress ?? []).length > 0)
    .map(
      ({ namespace, name }) =>
        `NetworkPolicy ${namespace}/${name} lets pods out: what one policy allows, no other takes away. Delete it, or set its egress to none.`,
    );

/**
 * Whether a place is still as closed as it was made.
 *
 * @param wanted of `makeNetworkPolicies`.
 * @returns sentences, empty when it is.
 */
export const judgeClosure = (
  policies: readonly NetworkPolicy[],
  wanted: readonly NetworkPolicyManifest[],
  drill: string,
): string[] => [
  ...wanted.flatMap(({ metadata, spec }) => {
    const found = policies.find(({ name }) => name === metadata.name);
    const where = `NetworkPolicy ${metadata.namespace}/${metadata.name}`;
    if (!found) return [`${where} is gone.`];
    if (!isOfDrill(found, drill)) return [`${where} is not the one of this drill.`];
    return isDeepStrictEqual(plain(found.spec), plain(spec)) ? [] : [`${where} was changed.`];
  }),
  ...findOpenings(policies, drill),
];

/** An absent list and an empty one allow the same: nothing. */
const plain = ({ ingress = [], egress = [], ...rest }: NetworkPolicySpec) => ({ ...rest, ingress, egress });
