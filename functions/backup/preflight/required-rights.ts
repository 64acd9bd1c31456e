/** Rights that a backup, and the restore after it, need under the backup's own role. */

export interface BackupPlaces {
  /** Buckets whose objects go into the archive. */
  readonly sources: readonly string[];
  /** Where the archive goes. */
  readonly backup: string;
  /** Where a restore keeps what it replaces. */
  readonly tmp: string;
  /** ARNs of the KMS keys by which sources are encrypted. */
  readonly sourceKeys: readonly string[];
  /** ARN of the KMS key of the archives; absent where S3 encrypts by itself. */
  readonly backupKey?: string;
  /** Why other sources may be missing here, without its dot. */
  readonly unknownSources?: string;
  /** Why keys may be missing here, each without its dot. */
  readonly unknownKeys?: readonly string[];
  /** `aws`, `aws-cn`. */
  readonly partition?: string;
}

/** One question to `iam:SimulatePrincipalPolicy`. */
export interface RequiredRight {
  readonly action: string;
  /** ARN. */
  readonly resource: string;
  /** Who needs it: without a right of the restore the backup itself is whole. */
  readonly neededBy: 'backup' | 'restore';
}

/** Its answer. Source: IAM API reference, `EvaluationResult`. */
export interface SimulatedRight {
  readonly action: string;
  readonly resource: string;
  readonly decision: 'allowed' | 'explicitDeny' | 'implicitDeny';
  /** Keys of conditions that the simulation was not told; the true answer may be another one. */
  readonly missingContext: readonly string[];
}

/**
 * Everything to ask IAM for. The simulation knows the policies of the role and not that of a bucket or key of another
 * account, so that a pass here is half of it; the other half is the probe.
 *
 * Source: S3 user guide, "Required permissions for Amazon S3 API operations" and "Multipart upload API and
 * permissions" (parts under KMS need kms:Decrypt as well); GitLab documentation, charts, "Backup and restore".
 */
export const requiredRights = (places: BackupPlaces): RequiredRight[] => {
  const { sources, backup, tmp, sourceKeys, backupKey, partition = 'aws' } = places;
  const bucket = (name: string) => `arn:${partition}:s3:::${name}`;
  const objects = (name: string) => `${bucket(name)}/*`;
  const need = (
    neededBy: RequiredRight['neededBy'],
    resource: string,
    ...actions: readonly string[]
  ): RequiredRight[] => actions.map((action) => ({ action, resource, neededBy }));
  const all = [
    ...sources.flatMap((name) => [
      ...need('backup', bucket(name), 's3:ListBucket'),
      ...need('backup', objects(name), 's3:GetObject'),
      ...need('restore', objects(name), 's3:PutObject', 's3:DeleteObject'),
    ]),
    ...need('backup', bucket(backup), 's3:ListBucket'),
    ...need('backup', objects(backup), 's3:PutObject', 's3:AbortMultipartUpload'),
    ...need('restore', objects(backup), 's3:GetObject'),
    ...need('restore', bucket(tmp), 's3:ListBucket'),
    ...need('restore', objects(tmp), 's3:GetObject', 's3:PutObject', 's3:DeleteObject'),
    ...sourceKeys.flatMap((key) => [
      ...need('backup', key, 'kms:Decrypt'),
      ...need('restore', key, 'kms:GenerateDataKey'),
    ]),
    ...(backupKey === undefined ? [] : need('backup', backupKey, 'kms:GenerateDataKey', 'kms:Decrypt')),
  ];
  const seen = new Set<string>();
  return all
    .toSorted((a, b) => (a.neededBy === b.neededBy ? 0 : a.neededBy === 'backup' ? -1 : 1))
    .filter((right) => !seen.has(keyOf(right)) && seen.add(keyOf(right)));
};

/** What makes a question and its answer belong together. */
export const keyOf = ({ action, resource }: Pick<RequiredRight, 'action' | 'resource'>): string =>
  `${action} ${resource}`;
