import {
  DescribeFargateProfileCommand,
  DescribeNodegroupCommand,
  paginateListFargateProfiles,
  paginateListNodegroups,
} from '@aws-sdk/client-eks';
import type { FargateFact, NodeGroupFact } from '../../records/upgrade/aws-facts.ts';
import { mapBounded } from '../bounded.ts';
import { CALL_WIDTH, callEks, collectPages, unlessGone } from './eks-call.ts';
import { normaliseFargateProfile, normaliseNodeGroup } from './normalise-nodes.ts';

/** Managed node groups: ListNodegroups, and DescribeNodegroup of each. One that is deleted meanwhile is none. */
export const readNodeGroups = async (
  region: string,
  clusterName: string,
  signal?: AbortSignal,
): Promise<NodeGroupFact[]> => {
  const question = { operation: 'ListNodegroups', cluster: clusterName, region };
  const names = await callEks(question, signal, ({ client, options }) =>
    collectPages(
      paginateListNodegroups({ client }, { clusterName }, options),
      ({ nodegroups }) => nodegroups,
    ),
  );
  const facts = await mapBounded(names, CALL_WIDTH, async (nodegroupName) => {
    const about = `node group ${nodegroupName}`;
    const describe = { operation: 'DescribeNodegroup', cluster: clusterName, about, region };
    const group = await unlessGone(
      callEks(describe, signal, async ({ client, options }) => {
        const answer = await client.send(
          new DescribeNodegroupCommand({ clusterName, nodegroupName }),
          options,
        );
        return answer.nodegroup;
      }),
    );
    return group && normaliseNodeGroup(nodegroupName, group);
  });
  return facts.flatMap((fact) => fact ?? []);
};

/** Fargate profiles: ListFargateProfiles, and DescribeFargateProfile of each. */
export const readFargateProfiles = async (
  region: string,
  clusterName: string,
  signal?: AbortSignal,
): Promise<FargateFact[]> => {
  const question = { operation: 'ListFargateProfiles', cluster: clusterName, region };
  const names = await callEks(question, signal, ({ client, options }) =>
    collectPages(
      paginateListFargateProfiles({ client }, { clusterName }, options),
      ({ fargateProfileNames }) => fargateProfileNames,
    ),
  );
  const facts = await mapBounded(names, CALL_WIDTH, async (fargateProfileName) => {
    const about = `Fargate profile ${fargateProfileName}`;
    const describe = { operation: 'DescribeFargateProfile', cluster: clusterName, about, region };
    const profile = await unlessGone(
      callEks(describe, signal, async ({ client, options }) => {
        const command = new DescribeFargateProfileCommand({ clusterName, fargateProfileName });
        const answer = await client.send(command, options);
        return answer.fargateProfile;
      }),
    );
    return profile && normaliseFargateProfile(fargateProfileName, profile);
  });
  return facts.flatMap((fact) => fact ?? []);
};
