import { BlockList, isIPv4 } from 'node:net';
import type {
  V1LabelSelector,
  V1NetworkPolicy,
  V1NetworkPolicyEgressRule,
  V1NetworkPolicyPeer,
  V1NetworkPolicyPort,
} from '@kubernetes/client-node';

/** Where a pod connects to, by TCP. */
export interface Destination {
  /** An address of IPv4. */
  readonly host: string;
  readonly port: number;
  /** Who is there, where it stands for a pod: its address is then that of this machine, and no range means it. */
  readonly pod?: PolicedPod;
}

export interface PolicedPod {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * Do the policies let a pod connect there? One that no policy of the direction selects may do all; of the others, what
 * any one of them allows.
 *
 * Of a namespace its name alone is known by a label. Names of ports, which are those of pods, match nothing.
 *
 * Source: Kubernetes documentation, "Network Policies", "The two sorts of pod isolation"; API reference,
 * NetworkPolicyEgressRule.
 */
export const isLetOut = (
  policies: readonly V1NetworkPolicy[],
  pod: PolicedPod,
  destination: Destination,
): boolean => {
  const ours = policies.filter(
    ({ metadata, spec }) =>
      metadata?.namespace === pod.namespace &&
      (spec?.policyTypes ?? []).includes('Egress') &&
      selects(spec?.podSelector, pod.labels),
  );
  if (ours.length === 0) return true;
  return ours.some(({ spec }) =>
    (spec?.egress ?? []).some((rule) => allows(rule, pod.namespace, destination)),
  );
};

/** An empty selector selects all. */
const selects = (selector: V1LabelSelector | undefined, labels: PolicedPod['labels']): boolean =>
  Object.entries(selector?.matchLabels ?? {}).every(([key, value]) => labels[key] === value) &&
  (selector?.matchExpressions ?? []).every(({ key, operator, values = [] }) => {
    const value = labels[key];
    const isOne = value !== undefined && values.includes(value);
    if (operator === 'Exists') return value !== undefined;
    if (operator === 'DoesNotExist') return value === undefined;
    return operator === 'In' ? isOne : !isOne;
  });

/** No list of peers or of ports means all of them. */
const allows = (
  { to = [], ports = [] }: V1NetworkPolicyEgressRule,
  namespace: string,
  destination: Destination,
): boolean =>
  (to.length === 0 || to.some((peer) => isPeer(peer, namespace, destination))) &&
  (ports.length === 0 || ports.some((one) => holdsPort(one, destination.port)));

/** Without a selector of namespaces, pods are those of the policy's own. */
const isPeer = (
  { ipBlock, podSelector, namespaceSelector }: V1NetworkPolicyPeer,
  own: string,
  { host, pod }: Destination,
): boolean => {
  if (!pod) return ipBlock !== undefined && holds(ipBlock, host);
  if (ipBlock) return false;
  const isThere = namespaceSelector
    ? selects(namespaceSelector, { 'kubernetes.io/metadata.name': pod.namespace })
    : pod.namespace === own;
  return isThere && selects(podSelector, pod.labels);
};

const holds = (
  { cidr, except = [] }: { readonly cidr: string; readonly except?: readonly string[] },
  host: string,
): boolean => isWithin(cidr, host) && !except.some((range) => isWithin(range, host));

const isWithin = (range: string, host: string): boolean => {
  const [address = '', prefix] = range.split('/');
  if (!isIPv4(address) || !isIPv4(host)) return false;
  const list = new BlockList();
  list.addSubnet(address, Number(prefix), 'ipv4');
  return list.check(host, 'ipv4');
};

const holdsPort = ({ protocol = 'TCP', port, endPort }: V1NetworkPolicyPort, wanted: number): boolean => {
  if (protocol !== 'TCP') return false;
  if (port === undefined) return true;
  return typeof port === 'number' && wanted >= port && wanted <= (endPort ?? port);
};
