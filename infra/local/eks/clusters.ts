import { type EksAccount, type EksCluster, type Operation, openCluster } from './account.ts';
import { type Body, queryPage } from './answer.ts';
import { findRunning } from './update-log.ts';

/**
 * ListClusters and DescribeCluster: https://docs.aws.amazon.com/eks/latest/APIReference/API_Cluster.html
 *
 * While the control plane changes, the status is UPDATING; while only the nodes of EKS Auto Mode move before a
 * rollback, it stays ACTIVE, as the guide says.
 */
export const CLUSTER_OPERATIONS: readonly Operation[] = [
  {
    name: 'ListClusters',
    method: 'GET',
    path: '/clusters',
    answer: (account, call) => {
      const { shown, nextToken } = queryPage([...account.clusters.keys()].toSorted(), call, account.pageSize);
      return { clusters: shown, nextToken };
    },
  },
  {
    name: 'DescribeCluster',
    method: 'GET',
    path: '/clusters/{}',
    answer: async (account, call) => ({ cluster: describe(account, await openCluster(account, call)) }),
  },
];

const describe = ({ now }: EksAccount, { description, updates }: EksCluster): Body => {
  const running = findRunning(updates);
  const isMovingNodes = running?.nodesUntil !== undefined && now() < running.nodesUntil;
  return { ...description, status: running && !isMovingNodes ? 'UPDATING' : description.status };
};
