/** Who an IAM principal is inside a cluster. */
export interface AccessEntry {
  readonly clusterName: string;
  readonly principalArn: string;
  readonly kubernetesGroups: readonly string[];
  readonly username: string;
  readonly type: string;
  readonly createdAt: Date;
}

export interface KubernetesUser {
  readonly username: string;
  readonly groups: readonly string[];
}

/** EKS refuses these beginnings: https://docs.aws.amazon.com/eks/latest/userguide/creating-access-entries.html */
const RESERVED = /^(system|eks|aws|amazon|iam):/;

export const isReservedName = (name: string): boolean => RESERVED.test(name);

/** The name a principal gets when its access entry does not choose one, as EKS gives it. */
export const defaultUsername = (principalArn: string): string => {
  const role = /^arn:([^:]+):iam::(\d+):role\/(?:.*\/)?([^/]+)$/.exec(principalArn);
  if (!role) return principalArn;
  const [, partition, account, name] = role;
  return `arn:${partition}:sts::${account}:assumed-role/${name}/{{SessionName}}`;
};

/**
 * Finds who the caller with this ARN (GetCallerIdentity's) is; undefined when no access entry names it.
 *
 * A session of a role is that role, whose path STS does not tell, so paths are left out on both sides.
 */
export const findUser = (entries: Iterable<AccessEntry>, callerArn: string): KubernetesUser | undefined => {
  const { principal, session } = canonicaliseArn(callerArn);
  for (const entry of entries) {
    if (canonicaliseArn(entry.principalArn).principal !== principal) continue;
    // The authenticator does the same: a colon would make a name of another kind.
    const username = entry.username.replaceAll('{{SessionName}}', session.replaceAll(':', '-'));
    return { username, groups: entry.kubernetesGroups };
  }
  return undefined;
};

/** `...:sts::1:assumed-role/drydock/run-7` is `...:iam::1:role/drydock` in session `run-7`. */
export const canonicaliseArn = (arn: string): { principal: string; session: string } => {
  const assumed = /^arn:([^:]+):sts::(\d+):assumed-role\/([^/]+)\/(.+)$/.exec(arn);
  if (assumed) {
    const [, partition = '', account = '', role = '', session = ''] = assumed;
    return { principal: `arn:${partition}:iam::${account}:role/${role}`, session };
  }
  return { principal: arn.replace(/:(role|user)\/.*\//, ':$1/'), session: '' };
};
