import type { IdentityFact } from '../../records/upgrade/aws-facts.ts';
import type { Remedy } from '../../records/upgrade/finding.ts';
import { defineCheck, type StepContext } from '../check.ts';

/**
 * What the control plane stands on. EKS makes new instances of it for a new version, and those need the role, read
 * Secrets with the key and join the security groups. Source: EKS user guide, "Update existing cluster", requirements.
 */
export const identities = defineCheck({
  code: 'identities',
  title: 'The role, the keys and the security groups of the cluster are there and usable',
  reads: ['identities'],
  judge: (facts, step) =>
    facts.identities
      .filter(({ usable }) => !usable)
      .map(({ kind, id, reason }) => ({
        result: 'block',
        subject: `${kind} ${id}`,
        message: `${HARM[kind]} (${reason}): EKS cannot bring up the control plane of ${step.to}.`,
        remedy: REMEDIES[kind](id, step),
        evidence: [`${id}: ${reason}`],
      })),
});

const HARM: Readonly<Record<IdentityFact['kind'], string>> = {
  role: 'The role of the cluster cannot be assumed by EKS',
  key: 'The key that encrypts Secrets cannot be used',
  'security group': 'A security group of the cluster is not usable',
};

const LINK = 'https://docs.aws.amazon.com/eks/latest/userguide/update-cluster.html';

const REMEDIES: Readonly<Record<IdentityFact['kind'], (id: string, step: StepContext) => Remedy>> = {
  role: (id) => ({
    text: 'Bring the role back under the same name, and let eks.amazonaws.com assume it.',
    command: `aws iam get-role --role-name ${id.split('/').at(-1) ?? id}`,
    link: 'https://docs.aws.amazon.com/eks/latest/userguide/cluster-iam-role.html',
  }),
  key: (id, { region }) => ({
    text: 'Enable the key again; when its deletion is pending, cancel that first. A key that is gone takes the Secrets with it.',
    command: `aws kms cancel-key-deletion --region ${region} --key-id ${id}; aws kms enable-key --region ${region} --key-id ${id}`,
    link: 'https://docs.aws.amazon.com/kms/latest/developerguide/enabling-keys.html',
  }),
  'security group': (id, { cluster, region }) => ({
    text: `Give the cluster security groups that exist, instead of ${id}; fill them in.`,
    command: `aws eks update-cluster-config --region ${region} --name ${cluster} --resources-vpc-config securityGroupIds=SECURITY_GROUPS`,
    link: LINK,
  }),
};
