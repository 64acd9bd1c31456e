import type { AwsAccount, SubnetQuestion } from '../../functions/clients/aws-account.ts';
import type { EksReader, InsightsRefresh } from '../../functions/clients/eks/eks-reader.ts';
import type { AddonFact, ClusterFact, NodeGroupFact } from '../../functions/records/upgrade/aws-facts.ts';
import { RefusedError } from '../../functions/runtime/errors.ts';
import {
  buildAddon,
  buildCalendar,
  buildClusterFact,
  buildInsight,
  buildNodeGroup,
  buildUpdate,
} from './upgrade-facts.ts';

/** What a fake EKS holds, and which of its operations are refused. */
export interface FakeEks {
  readonly cluster?: ClusterFact;
  readonly addons?: readonly AddonFact[];
  readonly nodeGroups?: readonly NodeGroupFact[];
  /** Names of methods, of both interfaces, that may not be called. */
  readonly forbidden?: readonly string[];
  /** What the refresh of insights answers, one after the other; the last for good. */
  readonly refreshes?: readonly InsightsRefresh[];
}

export interface FakeAws {
  readonly eks: EksReader;
  readonly account: AwsAccount;
  /** Names of the methods that were called, in order, with what they were asked about. */
  readonly calls: readonly (readonly [string, ...unknown[]])[];
}

/** EKS and an account in memory: a cluster at 1.35 with what `FakeEks` says. */
export const fakeAws = ({
  cluster = buildClusterFact(),
  addons = [buildAddon()],
  nodeGroups = [buildNodeGroup()],
  forbidden = [],
  refreshes = [{ status: 'none', message: '' }],
}: FakeEks = {}): FakeAws => {
  const calls: [string, ...unknown[]][] = [];
  const answers = [...refreshes];
  const call = async <T>(name: string, answer: () => T, ...about: readonly unknown[]): Promise<T> => {
    calls.push([name, ...about]);
    if (!forbidden.includes(name)) return answer();
    throw new RefusedError('aws.forbidden', `No right to ${name}.`, { permission: `aws:${name}` });
  };
  const eks: EksReader = {
    readCluster: () => call('readCluster', () => cluster),
    listVersions: () => call('listVersions', () => buildCalendar()),
    listInsights: () => call('listInsights', () => [buildInsight()]),
    startInsightsRefresh: () =>
      call('startInsightsRefresh', () => ({ status: 'in-progress', message: '' }) as const),
    readInsightsRefresh: () =>
      call('readInsightsRefresh', () => (answers.length > 1 ? answers.shift() : answers[0]) ?? NONE),
    listAddons: (_, minors) => call('listAddons', () => [...addons], minors),
    listNodeGroups: () => call('listNodeGroups', () => [...nodeGroups]),
    listFargateProfiles: () =>
      call('listFargateProfiles', () => [{ name: 'web', status: 'ACTIVE', subnetIds: ['subnet-f'] }]),
    listUpdates: (_, subject) => {
      const about = subject && ('addon' in subject ? subject.addon : subject.nodeGroup);
      const update = buildUpdate({ id: `update-of-${about ?? 'cluster'}`, ...(about ? { about } : {}) });
      return call('listUpdates', () => [update], about);
    },
    readUpdate: () => call('readUpdate', () => buildUpdate()),
  };
  const account: AwsAccount = {
    readSubnets: (questions) => call('readSubnets', () => questions.map(describeSubnet), questions),
    readQuotas: () =>
      call('readQuotas', () => [{ code: 'L-1216C47A', name: 'vCPUs', used: 8, limit: 64, unit: 'vCPU' }]),
    readRole: (id) => call('readRole', () => ({ kind: 'role', id, usable: true, reason: '' }) as const, id),
    readKey: (id) => call('readKey', () => ({ kind: 'key', id, usable: true, reason: '' }) as const, id),
    readSecurityGroups: (ids) =>
      call('readSecurityGroups', () =>
        ids.map((id) => ({ kind: 'security group', id, usable: true, reason: '' }) as const),
      ),
    readLaunchTemplate: (id, used) =>
      call('readLaunchTemplate', () => ({ newest: '9', default: '2', customAmi: true }), id, used),
  };
  return { eks, account, calls };
};

const NONE: InsightsRefresh = { status: 'none', message: '' };

const describeSubnet = ({ id, usedBy }: SubnetQuestion) => ({
  id,
  usedBy: [...usedBy],
  exists: true,
  zone: 'eu-central-1a',
  freeAddresses: 99,
});
