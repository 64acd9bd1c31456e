import type { KubernetesNetworkPolicies } from '../../functions/clients/kubernetes-network-policies.ts';
import type { NetworkPolicy } from '../../functions/records/kubernetes-network-policy.ts';
import { RefusedError } from '../../functions/runtime/errors.ts';

/** NetworkPolicies in memory. */
export interface FakeNetworkPolicies extends KubernetesNetworkPolicies {
  /** Puts one of somebody else in, or changes one. */
  put(policy: NetworkPolicy): void;
}

export const createFakeNetworkPolicies = (): FakeNetworkPolicies => {
  const all = new Map<string, NetworkPolicy>();
  let uids = 0;
  const key = ({ namespace, name }: { readonly namespace: string; readonly name: string }): string =>
    `${namespace}/${name}`;
  return {
    put: (policy) => void all.set(key(policy), policy),
    list: async (namespace) => [...all.values()].filter((one) => one.namespace === namespace),
    create: async ({ metadata, spec }) => {
      const there = all.get(key(metadata));
      if (there) {
        const isOurs = Object.entries(metadata.labels).every(
          ([label, value]) => there.labels[label] === value,
        );
        if (isOurs) return there;
        throw new RefusedError('kubernetes.policy-taken', `There is another ${metadata.name}.`);
      }
      const made = { ...metadata, uid: `policy-${++uids}`, spec: structuredClone(spec) };
      all.set(key(made), made);
      return made;
    },
    delete: async (policy) => {
      if (all.get(key(policy))?.uid !== policy.uid) return 'gone';
      all.delete(key(policy));
      return 'deleted';
    },
  };
};
