import {
  CreateOpenIDConnectProviderCommand,
  CreateRoleCommand,
  IAMClient,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { CreateAliasCommand, CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import type { LocalAws } from '../aws/start-aws.ts';
import { BACKUP_BUCKETS, OBJECTS_ROLE, SECRETS_KEY_ALIAS, SOURCE_BUCKETS } from './names.ts';

export const objectsRoleArn = (account: string): string => `arn:aws:iam::${account}:role/${OBJECTS_ROLE}`;

/** Source: GitLab documentation, charts, "Configure IAM roles": what objects and backups need. */
const OBJECT_ACTIONS = [
  's3:GetObject',
  's3:PutObject',
  's3:DeleteObject',
  's3:AbortMultipartUpload',
  's3:ListMultipartUploadParts',
];
const BUCKET_ACTIONS = ['s3:ListBucket', 's3:GetBucketLocation', 's3:ListBucketMultipartUploads'];

/**
 * Makes the role of the ServiceAccounts of this GitLab, which trusts the issuer of the cluster's tokens and nobody else,
 * as with IAM roles for service accounts on EKS.
 *
 * @param issuer URL of the API server, which is the issuer of the local cluster.
 */
export const makeObjectsRole = async (aws: LocalAws, issuer: string, namespace: string): Promise<void> => {
  const iam = new IAMClient({ endpoint: aws.url, region: aws.region, credentials: aws.credentials });
  const host = new URL(issuer).host;
  const provider = `arn:aws:iam::${aws.account}:oidc-provider/${host}`;
  const subjects = { [`${host}:sub`]: `system:serviceaccount:${namespace}:*` };
  const trust = {
    Effect: 'Allow',
    Principal: { Federated: provider },
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition: {
      // Kubernetes writes a list of audiences; AWS takes its one member, the local AWS compares the list.
      'ForAnyValue:StringEquals': { [`${host}:aud`]: ['sts.amazonaws.com'] },
      StringLike: subjects,
    },
  };
  try {
    await iam.send(
      new CreateOpenIDConnectProviderCommand({
        Url: issuer,
        ClientIDList: ['sts.amazonaws.com'],
        ThumbprintList: ['0'.repeat(40)],
      }),
    );
    await iam.send(
      new CreateRoleCommand({
        RoleName: OBJECTS_ROLE,
        AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [trust] }),
      }),
    );
    await iam.send(
      new PutRolePolicyCommand({
        RoleName: OBJECTS_ROLE,
        PolicyName: 'objects',
        PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: allowBuckets() }),
      }),
    );
  } finally {
    iam.destroy();
  }
};

const allowBuckets = () => {
  const { archives, tmp } = BACKUP_BUCKETS;
  const arns = [...Object.values(SOURCE_BUCKETS), archives, tmp].map((name) => `arn:aws:s3:::${name}`);
  return [
    { Effect: 'Allow', Action: BUCKET_ACTIONS, Resource: arns },
    { Effect: 'Allow', Action: OBJECT_ACTIONS, Resource: arns.map((arn) => `${arn}/*`) },
  ];
};

/** Makes the key of the secrets of a set, under the alias that the configuration names. */
export const makeSecretsKey = async (aws: LocalAws): Promise<void> => {
  const kms = new KMSClient({ endpoint: aws.url, region: aws.region, credentials: aws.credentials });
  try {
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({ Description: 'Secrets of GitLab' }));
    await kms.send(
      new CreateAliasCommand({ AliasName: SECRETS_KEY_ALIAS, TargetKeyId: KeyMetadata?.KeyId ?? '' }),
    );
  } finally {
    kms.destroy();
  }
};
