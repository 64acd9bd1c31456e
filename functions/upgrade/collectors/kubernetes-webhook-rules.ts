import * as z from 'zod';
import { listOf, part, text, textMap, texts } from './kubernetes-object.ts';

/** Which of what an upgrade does a webhook catches, by its rules and selectors. */

const Selector = part({
  matchLabels: textMap,
  matchExpressions: listOf(z.object({ key: text, operator: text, values: texts })),
});
type Selector = z.output<typeof Selector>;

/** What is read of one webhook of a configuration to tell what it catches. */
export const Catching = z.object({
  rules: listOf(z.object({ apiGroups: texts, resources: texts, operations: texts, scope: text })),
  namespaceSelector: Selector,
  objectSelector: Selector,
  matchConditions: listOf(z.unknown()),
});
export type Catching = z.output<typeof Catching>;

/** What an upgrade makes and changes: pods move, nodes come and go, kubelets and controllers renew their leases. */
const CAUGHT = [
  // The kubelet deletes a pod itself at the end of a drain.
  { word: 'pods', group: '', scope: 'Namespaced', operations: ['CREATE', 'DELETE'] },
  { word: 'nodes', group: '', scope: 'Cluster', operations: ['CREATE', 'UPDATE'] },
  { word: 'leases', group: 'coordination.k8s.io', scope: 'Namespaced', operations: ['CREATE', 'UPDATE'] },
] as const;
type Caught = (typeof CAUGHT)[number];
/** What brings a pod back. */
const NEW_PODS = ['CREATE'];

/** Where the nodes' leases lie. */
const LEASES = 'kube-node-lease';

/**
 * The words of `WebhookFact.catches`. Namespaces are judged by the labels that `labelsOf` knows; that of its own name
 * every namespace has: https://kubernetes.io/docs/reference/labels-annotations-taints/#kubernetes-io-metadata-name
 *
 * @param own namespace of the Service behind the webhook; undefined for a URL.
 */
export const findCaught = (
  webhook: Catching,
  own: string | undefined,
  labelsOf: (namespace: string) => Readonly<Record<string, string>>,
): string[] => {
  const { namespaceSelector } = webhook;
  const reaches = (namespace: string): boolean =>
    selects(namespaceSelector, { ...labelsOf(namespace), [NAME_LABEL]: namespace });
  const caught = CAUGHT.filter((one) => hasRule(webhook, one.operations, one))
    .filter(({ word }) => word === 'pods' || !isNarrow(webhook))
    .filter(({ word }) => word !== 'leases' || reaches(LEASES))
    .map(({ word }): string => word);
  if (isNarrow(webhook) || !hasRule(webhook, NEW_PODS, CAUGHT[0])) return caught;
  return [
    ...caught,
    ...(reaches('kube-system') ? ['kube-system'] : []),
    ...(own !== undefined && reaches(own) ? ['own namespace'] : []),
  ];
};

/**
 * Is it for some objects only, by a label that they ask with or a condition that only the API server can weigh? Then
 * nobody knows from here whether it catches nodes, leases and the pods of the system, which carry no such label, and
 * the conditions that the documentation gives as an example leave them out.
 */
const isNarrow = ({ objectSelector, matchConditions }: Catching): boolean =>
  matchConditions.length > 0 || asksForLabels(objectSelector);

const NAME_LABEL = 'kubernetes.io/metadata.name';

const hasRule = (
  { rules }: Catching,
  operations: readonly string[],
  { word, group, scope }: Pick<Caught, 'word' | 'group' | 'scope'>,
): boolean =>
  rules.some(
    (rule) =>
      (rule.apiGroups.includes('*') || rule.apiGroups.includes(group)) &&
      rule.resources.some((resource) => resource === word || resource === '*' || resource === '*/*') &&
      rule.operations.some((operation) => operation === '*' || operations.includes(operation)) &&
      (rule.scope === '' || rule.scope === '*' || rule.scope === scope),
  );

const asksForLabels = ({ matchLabels, matchExpressions }: Selector): boolean =>
  Object.keys(matchLabels).length > 0 ||
  matchExpressions.some(({ operator }) => operator === 'In' || operator === 'Exists');

/** Does a label selector select these labels? An operator that nobody knows selects, to be on the safe side. */
export const selects = (
  { matchLabels, matchExpressions }: Selector,
  labels: Readonly<Record<string, string>>,
): boolean =>
  Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
  matchExpressions.every(({ key, operator, values }) => {
    const value = labels[key];
    switch (operator) {
      case 'In':
        return value !== undefined && values.includes(value);
      case 'NotIn':
        return value === undefined || !values.includes(value);
      case 'Exists':
        return value !== undefined;
      case 'DoesNotExist':
        return value === undefined;
      default:
        return true;
    }
  });

/** Namespaces that the selector leaves out by their names. */
export const findExceptions = ({ namespaceSelector }: Catching): string[] =>
  namespaceSelector.matchExpressions
    .filter(({ key, operator }) => key === NAME_LABEL && operator === 'NotIn')
    .flatMap(({ values }) => values);
