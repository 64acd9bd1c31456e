import type { AwsAccount } from '../../clients/aws-account.ts';
import { mapBounded } from '../../clients/bounded.ts';
import type { NodeGroupFact } from '../../records/upgrade/aws-facts.ts';
import type { Unread } from '../../records/upgrade/facts.ts';
import type { Collector } from '../reading/collection.ts';
import { attempt, attemptTopic, type ReadTopic, unreadTopic } from './attempt.ts';
import { NO_AWS } from './aws-sources.ts';

/** Calls about single node groups at the same time. */
const WIDTH = 2;

/** Managed node groups with their launch templates and updates, and Fargate profiles. */
export const collectNodeGroups: Collector = {
  name: 'node groups',
  collect: async ({ eks, account }, { cluster }, _cursor, signal) => {
    if (!eks) {
      return {
        facts: {
          nodeGroups: unreadTopic('node groups', NO_AWS),
          fargate: unreadTopic('Fargate profiles', NO_AWS),
          updates: unreadTopic('updates of node groups', NO_AWS),
        },
      };
    }
    const [groups, fargate] = await Promise.all([
      attemptTopic('node groups', signal, () => eks.listNodeGroups(cluster, signal)),
      attemptTopic('Fargate profiles', signal, () => eks.listFargateProfiles(cluster, signal)),
    ]);
    const [nodeGroups, updates] = await Promise.all([
      addLaunchTemplates(groups, account, signal),
      attemptTopic('updates of node groups', signal, async () => {
        const histories = await mapBounded(groups.items, WIDTH, ({ name }) =>
          eks.listUpdates(cluster, { nodeGroup: name }, signal),
        );
        return histories.flat();
      }),
    ]);
    // Which groups there are is not known then, so neither is what happened to them.
    const unknown = groups.unread.map((one) => ({ ...one, what: 'updates of node groups' }));
    return {
      facts: { nodeGroups, fargate, updates: { ...updates, unread: [...updates.unread, ...unknown] } },
    };
  },
};

/** What became of each group's launch template. A template or version that is gone has no newest version. */
const addLaunchTemplates = async (
  { items, unread }: ReadTopic<NodeGroupFact>,
  account: AwsAccount | undefined,
  signal: AbortSignal,
): Promise<ReadTopic<NodeGroupFact>> => {
  const read = await mapBounded(items, WIDTH, (group) => addLaunchTemplate(group, account, signal));
  return {
    items: read.map(({ group }) => group),
    unread: [...unread, ...read.flatMap((one) => one.unread ?? [])],
  };
};

const addLaunchTemplate = async (
  group: NodeGroupFact,
  account: AwsAccount | undefined,
  signal: AbortSignal,
): Promise<{ readonly group: NodeGroupFact; readonly unread?: Unread }> => {
  const template = group.launchTemplate;
  if (!template) return { group };
  const what = `launch template of node group ${group.name}`;
  if (!account) return { group, unread: { what, reason: NO_AWS } };
  const answer = await attempt(what, signal, () =>
    account.readLaunchTemplate(template.id, template.used, signal),
  );
  if (!answer.ok) return { group, unread: answer.unread };
  return { group: { ...group, launchTemplate: { ...template, ...answer.value } } };
};
