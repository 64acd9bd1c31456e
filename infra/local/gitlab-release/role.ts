import {
  CreateOpenIDConnectProviderCommand,
  CreateRoleCommand,
  IAMClient,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { CreateAliasCommand, CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import type { LocalAws } from '../aws/start-aws.ts';
import { SECRETS_KEY_ALIAS } from './names.ts';

/** A role that the ServiceAccounts of a namespace may take. */
export interface ObjectsRole {
  readonly name: string;
  readonly namespace: string;
  /** Buckets that it may empty and fill, and those that it may read. */
  readonly buckets: readonly string[];
  readonly read?: readonly string[];
}

export const roleArn = (account: string, name: string): string => `arn:aws:iam::${account}:role/${name}`;

/** Source: GitLab documentation, charts, "Configure IAM roles": what objects and backups need. */
const OBJECT_ACTIONS = [
  's3:GetObject',
  's3:PutObject',
  's3:DeleteObject',
  's3:AbortMultipartUpload',
  's3:ListMultipartUploadParts',
];
const BUCKET_ACTIONS = ['s3:ListBucket', 's3:GetBucketLocation', 's3:ListBucketMultipartUploads'];

/** Has IAM know the issuer of the cluster's tokens: the API server itself, in the local cluster. */
export const makeIssuer = (aws: LocalAws, issuer: string): Promise<void> =>
  withIam(aws, async (iam) => {
    await iam.send(
      new CreateOpenIDConnectProviderCommand({
        Url: issuer,
        ClientIDList: ['sts.amazonaws.com'],
        ThumbprintList: ['0'.repeat(40)],
      }),
    );
  });

/**
 * Makes the role of the ServiceAccounts of a GitLab, which trusts the issuer of the cluster's tokens and nobody else, as
 * with IAM roles for service accounts on EKS.
 */
export const makeObjectsRole = (aws: LocalAws, issuer: string, role: ObjectsRole): Promise<void> =>
  withIam(aws, async (iam) => {
    const host = new URL(issuer).host;
    const subjects = { [`${host}:sub`]: `system:serviceaccount:${role.namespace}:*` };
    const trust = {
      Effect: 'Allow',
      Principal: { Federated: `arn:aws:iam::${aws.account}:oidc-provider/${host}` },
      Action: 'sts:AssumeRoleWithWebIdentity',
      Condition: {
        // Kubernetes writes a list of audiences; AWS takes its one member, the local AWS compares the list.
        'ForAnyValue:StringEquals': { [`${host}:aud`]: ['sts.amazonaws.com'] },
        StringLike: subjects,
      },
    };
    await iam.send(
      new CreateRoleCommand({
        RoleName: role.name,
        AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [trust] }),
      }),
    );
    await iam.send(
      new PutRolePolicyCommand({
        RoleName: role.name,
        PolicyName: 'objects',
        PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: allowBuckets(role) }),
      }),
    );
  });

const allowBuckets = ({ buckets, read = [] }: ObjectsRole) => {
  const arns = (names: readonly string[]) => names.map((name) => `arn:aws:s3:::${name}`);
  const objects = (names: readonly string[]) => arns(names).map((arn) => `${arn}/*`);
  return [
    { Effect: 'Allow', Action: BUCKET_ACTIONS, Resource: arns([...buckets, ...read]) },
    { Effect: 'Allow', Action: OBJECT_ACTIONS, Resource: objects(buckets) },
    ...(read.length === 0 ? [] : [{ Effect: 'Allow', Action: ['s3:GetObject'], Resource: objects(read) }]),
  ];
};

const withIam = async (aws: LocalAws, act: (iam: IAMClient) => Promise<void>): Promise<void> => {
  const iam = new IAMClient({ endpoint: aws.url, region: aws.region, credentials: aws.credentials });
  try {
    await act(iam);
  } finally {
    iam.destroy();
  }
};

/** Makes the key of the secrets of a set, under the alias that the configuration names. */
export const makeSecretsKey = async (aws: LocalAws): Promise<void> => {
  await makeKey(aws, SECRETS_KEY_ALIAS, 'Secrets of GitLab');
};

/** Makes a key under an alias. @returns its ARN. */
export const makeKey = async (aws: LocalAws, AliasName: string, Description: string): Promise<string> => {
  const kms = new KMSClient({ endpoint: aws.url, region: aws.region, credentials: aws.credentials });
  try {
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({ Description }));
    await kms.send(new CreateAliasCommand({ AliasName, TargetKeyId: KeyMetadata?.KeyId ?? '' }));
    return KeyMetadata?.Arn ?? '';
  } finally {
    kms.destroy();
  }
};
