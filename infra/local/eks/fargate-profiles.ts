import { type Operation, openCluster } from './account.ts';
import { EksException, queryPage } from './answer.ts';

/**
 * Fargate profiles, to be read: https://docs.aws.amazon.com/eks/latest/APIReference/API_FargateProfile.html
 *
 * Left out: creating and deleting.
 */
export const FARGATE_OPERATIONS: readonly Operation[] = [
  {
    name: 'ListFargateProfiles',
    method: 'GET',
    path: '/clusters/{}/fargate-profiles',
    answer: async (account, call) => {
      const { fargateProfiles } = await openCluster(account, call);
      const { shown, nextToken } = queryPage([...fargateProfiles.keys()].toSorted(), call, account.pageSize);
      return { fargateProfileNames: shown, nextToken };
    },
  },
  {
    name: 'DescribeFargateProfile',
    method: 'GET',
    path: '/clusters/{}/fargate-profiles/{}',
    answer: async (account, call) => {
      const { fargateProfiles } = await openCluster(account, call);
      const fargateProfile = fargateProfiles.get(call.path[1] ?? '');
      if (fargateProfile) return { fargateProfile };
      throw new EksException(
        'ResourceNotFoundException',
        `No Fargate Profile found with name: ${call.path[1]}.`,
      );
    },
  },
];
