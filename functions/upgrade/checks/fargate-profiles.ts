import { defineCheck } from '../check.ts';

/**
 * Pods on Fargate get a node of the new version when they are started anew, each with an address of its own: a profile
 * that is not active, or without a free address in any subnet, starts none.
 */
export const fargateProfiles = defineCheck({
  code: 'fargate-profiles',
  title: 'Every Fargate profile can start pods anew, which is how they follow a new version',
  reads: ['fargate', 'subnets'],
  judge: ({ fargate, subnets }, { to, cluster, region }) =>
    fargate.flatMap(({ name, status, subnetIds }) => {
      const own = subnets.filter(({ id, exists }) => exists && subnetIds.includes(id));
      const isFull = own.length > 0 && own.every(({ freeAddresses }) => freeAddresses === 0);
      if (status === 'ACTIVE' && !isFull) return [];
      const reasons = [
        ...(status === 'ACTIVE' ? [] : [`its status is ${status}`]),
        ...(isFull ? ['no address is free in its subnets'] : []),
      ];
      return [
        {
          result: 'warn',
          subject: `Fargate profile ${name}`,
          message: `Pods of it do not start anew (${reasons.join(', ')}), so they do not follow to ${to}, and one that ends is gone.`,
          remedy: {
            text: 'Mend that before its pods are restarted.',
            command: `aws eks describe-fargate-profile --region ${region} --cluster-name ${cluster} --fargate-profile-name ${name}`,
            link: 'https://docs.aws.amazon.com/eks/latest/userguide/fargate-profile.html',
          },
          evidence: own.map(({ id, zone, freeAddresses }) => `${id} in ${zone}: ${freeAddresses} free`),
        },
      ];
    }),
});
