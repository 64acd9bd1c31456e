import type { AwsAccount, SubnetQuestion } from '../../clients/aws-account.ts';
import type { EksReader } from '../../clients/eks/eks-reader.ts';
import type { ClusterFact, IdentityFact, SubnetFact } from '../../records/upgrade/aws-facts.ts';
import type { Collector } from '../reading/collection.ts';
import { attemptTopic, type ReadTopic, unreadTopic } from './attempt.ts';
import { NO_AWS } from './aws-sources.ts';

/**
 * What a cluster stands on in its account: subnets, quotas, role, keys, security groups. Asks EKS again which those
 * are: that is a few calls, and needs no part of what was collected before.
 */
export const collectAccount: Collector = {
  name: 'account',
  collect: async ({ eks, account }, { cluster }, _cursor, signal) => {
    if (!eks || !account) {
      return {
        facts: {
          subnets: unreadTopic('subnets', NO_AWS),
          identities: unreadTopic('role, keys and security groups', NO_AWS),
          quotas: unreadTopic('quotas', NO_AWS),
        },
      };
    }
    const own = await attemptTopic('cluster', signal, async () => [await eks.readCluster(cluster, signal)]);
    const [subnets, identities, quotas] = await Promise.all([
      readSubnets({ eks, account }, cluster, own, signal),
      readIdentities(account, own, signal),
      attemptTopic('quotas', signal, () => account.readQuotas(signal)),
    ]);
    return { facts: { subnets, identities, quotas } };
  },
};

type Place = SubnetFact['usedBy'][number];

/** The subnets of all that could be read, and of what not. */
const readSubnets = async (
  { eks, account }: { readonly eks: EksReader; readonly account: AwsAccount },
  cluster: string,
  own: ReadTopic<ClusterFact>,
  signal: AbortSignal,
): Promise<ReadTopic<SubnetFact>> => {
  const [groups, profiles] = await Promise.all([
    attemptTopic('node groups', signal, () => eks.listNodeGroups(cluster, signal)),
    attemptTopic('Fargate profiles', signal, () => eks.listFargateProfiles(cluster, signal)),
  ]);
  const questions = [
    ...ask(own.items, 'cluster'),
    ...ask(groups.items, 'node group'),
    ...ask(profiles.items, 'fargate'),
  ];
  const read = await attemptTopic('subnets', signal, () => account.readSubnets(questions, signal));
  const unknown = [...own.unread, ...groups.unread, ...profiles.unread].map((one) => ({
    ...one,
    what: `subnets of ${one.what}`,
  }));
  return { ...read, unread: [...read.unread, ...unknown] };
};

const ask = (users: readonly { readonly subnetIds: readonly string[] }[], place: Place): SubnetQuestion[] =>
  users.flatMap(({ subnetIds }) => subnetIds.map((id) => ({ id, usedBy: [place] })));

/** Each by itself: one that may not be looked at says nothing of the others. */
const readIdentities = async (
  account: AwsAccount,
  own: ReadTopic<ClusterFact>,
  signal: AbortSignal,
): Promise<ReadTopic<IdentityFact>> => {
  const [cluster] = own.items;
  if (!cluster) {
    return {
      items: [],
      unread: own.unread.map((one) => ({ ...one, what: 'role, keys and security groups' })),
    };
  }
  const { roleArn, keyArns, securityGroupIds } = cluster;
  const parts = await Promise.all([
    attemptTopic(`role ${roleArn}`, signal, async () => [await account.readRole(roleArn, signal)]),
    ...keyArns.map((arn) =>
      attemptTopic(`key ${arn}`, signal, async () => [await account.readKey(arn, signal)]),
    ),
    attemptTopic('security groups', signal, () => account.readSecurityGroups(securityGroupIds, signal)),
  ]);
  return { items: parts.flatMap(({ items }) => items), unread: parts.flatMap(({ unread }) => unread) };
};
