import type { Collector } from '../reading/collection.ts';
import { attempt, unreadTopic } from './attempt.ts';
import { NO_CONNECTION, topicFacts } from './kubernetes-listed.ts';
import { findLostGroups } from './kubernetes-scan-lists.ts';

/**
 * Every resource that the API server serves. A group whose own server is down is unread when the table of deprecations
 * knows it; of any other (a metrics server that hangs, say) no check asks.
 */
export const collectServed: Collector = {
  name: 'served APIs',
  collect: async ({ kubernetes }, _task, _cursor, signal) => {
    if (!kubernetes) return { facts: { served: unreadTopic('served APIs', NO_CONNECTION) } };
    const discovery = await attempt('served APIs', signal, () => kubernetes.discover(signal));
    if (!discovery.ok) return { facts: topicFacts('served', [], [discovery.unread]) };
    const { resources, failed } = discovery.value;
    const unread = findLostGroups(failed).map((what) => ({ what, reason: NO_SERVER }));
    return { facts: topicFacts('served', resources, unread) };
  },
};

/** Why what a group serves is not known. */
export const NO_SERVER =
  'the API server that serves this group does not answer: kubectl get apiservices tells which one';
