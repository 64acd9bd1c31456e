import type { ClusterFacts } from '../../records/upgrade/facts.ts';
import { collectAccount } from '../collectors/aws-account.ts';
import { collectAddons } from '../collectors/aws-addons.ts';
import { collectCluster } from '../collectors/aws-cluster.ts';
import { collectNodeGroups } from '../collectors/aws-nodes.ts';
import { collectNodes } from '../collectors/kubernetes-nodes.ts';
import type { CollectionTask, FactSources } from './collection.ts';
import { mergeFacts } from './fact-merge.ts';
import { collectAll } from './health-reading.ts';

/** The collectors whose topics a plan is made of. */
const COLLECTORS = [collectCluster, collectAddons, collectNodeGroups, collectAccount, collectNodes];

/**
 * Reads what a plan is made of, and no more than that, with the collectors of the check. What is refused or does not
 * answer is `unread`, and a plan says so.
 *
 * @param task add-ons are asked for from its current minor on, so a way back begins at the minor below.
 */
export const readPlanFacts = async (
  sources: FactSources,
  task: CollectionTask,
  signal: AbortSignal,
): Promise<ClusterFacts> => {
  const read = await Promise.all(COLLECTORS.map((one) => collectAll(one, sources, task, signal)));
  const facts = read.reduce(mergeFacts, {});
  // Whether Karpenter's nodes have drifted needs a right of its own, and no plan asks for it.
  const unread = (facts.nodes?.unread ?? []).filter(({ what }) => !what.startsWith('nodeclaims'));
  return { ...facts, nodes: { items: facts.nodes?.items ?? [], unread } };
};
