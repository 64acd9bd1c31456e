import { CfnAccessEntry } from 'aws-cdk-lib/aws-eks';
import type { Role } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { isLeftOut } from '../stage.ts';

/** Lets a role into clusters, as a Kubernetes group. What that group may do is the cluster administrator's to apply. */
export const addAccessEntries = (
  scope: Construct,
  clusters: readonly string[],
  role: Role,
  group: string,
  id = 'AccessEntry',
): void => {
  if (isLeftOut(scope, 'accessEntry')) return;
  for (const cluster of clusters) {
    new CfnAccessEntry(scope, `${id}-${cluster}`, {
      clusterName: cluster,
      principalArn: role.roleArn,
      kubernetesGroups: [group],
      type: 'STANDARD',
    });
  }
};
