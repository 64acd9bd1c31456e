import { identities } from '../../../functions/upgrade/checks/identities.ts';
import { describeCheck } from '../../support/describe-check.ts';
import { topicOf } from '../../support/upgrade-facts.ts';

const role = 'arn:aws:iam::111122223333:role/teams/eks-cluster';
const broken = (kind: 'role' | 'key' | 'security group', id: string, reason: string) => ({
  identities: topicOf({ kind, id, usable: false, reason }),
});

describeCheck(identities, [
  { it: 'passes what is usable', given: {}, finds: [] },
  {
    it: 'blocks a role that does not exist',
    given: broken('role', role, 'does not exist'),
    finds: [`block role ${role}`],
    says: ['aws iam get-role --role-name eks-cluster', 'does not exist'],
  },
  {
    it: 'blocks a role that EKS may not assume',
    given: broken('role', role, 'does not trust eks.amazonaws.com'),
    finds: [`block role ${role}`],
    says: ['(does not trust eks.amazonaws.com): EKS cannot bring up the control plane of 1.36'],
  },
  {
    it: 'blocks a key that is disabled or about to be deleted',
    given: broken('key', 'key-1', 'PendingDeletion'),
    finds: ['block key key-1'],
    says: ['aws kms enable-key --region eu-central-1 --key-id key-1', 'cancel-key-deletion'],
  },
  {
    it: 'blocks a security group that is gone',
    given: broken('security group', 'sg-1', 'does not exist'),
    finds: ['block security group sg-1'],
    says: ['aws eks update-cluster-config --region eu-central-1 --name gitlab'],
  },
]);
