import * as z from 'zod';
import type { SubnetFact } from '../../records/upgrade/aws-facts.ts';
import type { Collector } from '../reading/collection.ts';
import { attemptTopic, unreadTopic } from './attempt.ts';
import { NO_AWS } from './aws-sources.ts';
import { NO_CONNECTION, topicFacts } from './kubernetes-listed.ts';
import { part, text } from './kubernetes-object.ts';
import { listAll } from './kubernetes-served-lists.ts';

const WHAT = 'subnets of pods';

/** https://docs.aws.amazon.com/eks/latest/userguide/cni-custom-network.html: one object a zone, with its subnet. */
const EniConfig = z.object({ spec: part({ subnet: text }) });

/**
 * Subnets from which the VPC CNI gives pods their addresses where it uses custom networking; only the cluster knows
 * them, and only the account how full they are. Without an ENIConfig pods take theirs from the subnets of their nodes.
 */
export const collectPodSubnets: Collector = {
  name: WHAT,
  collect: async ({ kubernetes, account }, _task, _cursor, signal) => {
    if (!kubernetes) return { facts: { subnets: unreadTopic(WHAT, NO_CONNECTION) } };
    const ids = new Set<string>();
    const { unread } = await listAll(
      kubernetes,
      'crd.k8s.amazonaws.com',
      'eniconfigs',
      EniConfig,
      signal,
      ({ spec }) => {
        if (spec.subnet !== '') ids.add(spec.subnet);
      },
    );
    if (ids.size === 0) return { facts: topicFacts('subnets', [], unread) };
    if (!account) return { facts: { subnets: unreadTopic(WHAT, NO_AWS) } };
    const questions = [...ids].map((id) => ({ id, usedBy: ['pods'] satisfies SubnetFact['usedBy'] }));
    const read = await attemptTopic(WHAT, signal, () => account.readSubnets(questions, signal));
    return { facts: topicFacts('subnets', read.items, [...unread, ...read.unread]) };
  },
};
