import { defineCheck, type Verdict } from '../check.ts';

/** Subnets that are named somewhere and no longer exist. Those of Fargate alone hold up no step of an upgrade. */
export const goneSubnets = defineCheck({
  code: 'gone-subnets',
  title: 'Every subnet that the cluster and its node groups name still exists',
  reads: ['subnets', 'nodeGroups'],
  judge: ({ subnets, nodeGroups }, { cluster, region, to }) =>
    subnets
      .filter(({ exists }) => !exists)
      .map(({ id, usedBy }): Verdict => {
        const groups = nodeGroups.filter(({ subnetIds }) => subnetIds.includes(id)).map(({ name }) => name);
        const isCluster = usedBy.includes('cluster');
        const isNodes = usedBy.includes('node group');
        return {
          result: isCluster || isNodes ? 'block' : 'warn',
          subject: `subnet ${id}`,
          message: `It is gone, and used by ${usedBy.join(' and ')}: ${
            isCluster
              ? `EKS ends the update to ${to} with SubnetNotFound.`
              : isNodes
                ? 'no new node can come up there, so the update of its node groups fails.'
                : 'no new pod can start there.'
          }`,
          remedy: isCluster
            ? {
                text: 'Give the cluster subnets that exist, in the same zones as before; fill them in.',
                command: `aws eks update-cluster-config --region ${region} --name ${cluster} --resources-vpc-config subnetIds=SUBNETS`,
                link: 'https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html',
              }
            : {
                text: 'The subnets of a node group or Fargate profile cannot be changed: make a new one beside it and remove the old one.',
                link: 'https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html',
              },
          evidence: [
            `${id} does not exist`,
            ...(groups.length > 0 ? [`node groups: ${groups.join(', ')}`] : []),
          ],
        };
      }),
});
