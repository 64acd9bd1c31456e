import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { DescribeAccessEntryCommand, EKSClient } from '@aws-sdk/client-eks';
import { GenerateDataKeyWithoutPlaintextCommand, KMSClient } from '@aws-sdk/client-kms';
import { HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { GetTopicAttributesCommand, SNSClient } from '@aws-sdk/client-sns';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { RefusedError, TransientError } from '../runtime/errors.ts';

/** What lies at a site, read with the credentials of whoever runs this. */
export interface SiteInspection {
  /** Who we are. */
  readIdentity(): Promise<{ readonly account: string; readonly arn: string }>;
  /** What a stack tells of itself; undefined when there is none of this name. */
  readStackOutputs(stack: string): Promise<Readonly<Record<string, string>> | undefined>;
  /** How many hear of what is published; undefined when there is no such topic. */
  readTopic(arn: string): Promise<TopicState | undefined>;
  /** Is there this bucket, and may we look into it? */
  hasBucket(bucket: string): Promise<boolean>;
  /** Has the key encrypt something, which is what the ledger and the topic need of it. */
  useKey(key: string): Promise<void>;
  /** The groups that an access entry gives a principal; undefined when it has none in this cluster. */
  readAccessGroups(cluster: string, principalArn: string): Promise<readonly string[] | undefined>;
}

export interface TopicState {
  readonly confirmed: number;
  readonly pending: number;
}

/** Calls that each answer in tens of milliseconds; longer means that they will not. */
const DEADLINE_MS = 10_000;

/**
 * Opens a region for inspection.
 *
 * Every call @throws RefusedError `aws.no-credentials`, `aws.forbidden`, `aws.refused`; TransientError
 * `aws.unavailable`.
 */
export const inspectSite = (region: string): SiteInspection => {
  const sts = new STSClient({ region });
  const cloudFormation = new CloudFormationClient({ region });
  const sns = new SNSClient({ region });
  const s3 = new S3Client({ region });
  const kms = new KMSClient({ region });
  const eks = new EKSClient({ region });
  const deadline = () => ({ abortSignal: AbortSignal.timeout(DEADLINE_MS) });

  return {
    async readIdentity() {
      const call = sts.send(new GetCallerIdentityCommand({}), deadline());
      const { Account = '', Arn = '' } = await ask('sts:GetCallerIdentity', region, call);
      return { account: Account, arn: Arn };
    },

    async readStackOutputs(stack) {
      const call = cloudFormation.send(new DescribeStacksCommand({ StackName: stack }), deadline());
      const found = await ask('cloudformation:DescribeStacks', region, call, isMissingStack);
      const outputs = found?.Stacks?.[0]?.Outputs ?? [];
      return (
        found &&
        Object.fromEntries(outputs.map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]))
      );
    },

    async readTopic(arn) {
      const call = sns.send(new GetTopicAttributesCommand({ TopicArn: arn }), deadline());
      const found = await ask('sns:GetTopicAttributes', region, call, isNotFound);
      if (!found) return undefined;
      const { SubscriptionsConfirmed = '0', SubscriptionsPending = '0' } = found.Attributes ?? {};
      return { confirmed: Number(SubscriptionsConfirmed), pending: Number(SubscriptionsPending) };
    },

    async hasBucket(bucket) {
      const call = s3.send(new HeadBucketCommand({ Bucket: bucket }), deadline());
      return (await ask('s3:ListBucket', region, call, isNotFound)) !== undefined;
    },

    async useKey(key) {
      const command = new GenerateDataKeyWithoutPlaintextCommand({ KeyId: key, KeySpec: 'AES_256' });
      await ask('kms:GenerateDataKeyWithoutPlaintext', region, kms.send(command, deadline()));
    },

    async readAccessGroups(cluster, principalArn) {
      const command = new DescribeAccessEntryCommand({ clusterName: cluster, principalArn });
      const found = await ask('eks:DescribeAccessEntry', region, eks.send(command, deadline()), isNotFound);
      return found && (found.accessEntry?.kubernetesGroups ?? []);
    },
  };
};

const isNotFound = (name: string): boolean => /NotFound/.test(name);
const isMissingStack = (name: string, message: string): boolean =>
  name === 'ValidationError' && message.includes('does not exist');

/** Awaits a call; undefined when what it asks for is not there, one of our errors when it could not be asked. */
async function ask<T>(action: string, region: string, call: Promise<T>): Promise<T>;
async function ask<T>(
  action: string,
  region: string,
  call: Promise<T>,
  isMissing: (name: string, message: string) => boolean,
): Promise<T | undefined>;
async function ask<T>(
  action: string,
  region: string,
  call: Promise<T>,
  isMissing: (name: string, message: string) => boolean = () => false,
): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    if (isMissing(name, message)) return undefined;
    throw explain(action, region, name, message, error);
  }
}

const explain = (
  action: string,
  region: string,
  name: string,
  message: string,
  cause: unknown,
): RefusedError | TransientError => {
  if (/CredentialsProvider|TokenProvider|ExpiredToken|InvalidClientToken|UnrecognizedClient/.test(name)) {
    const why = `No valid AWS credentials for ${action} (${name}); sign in, or set AWS_PROFILE.`;
    return new RefusedError('aws.no-credentials', why, { cause });
  }
  if (/AccessDenied|AuthorizationError|Unauthorized|Forbidden/.test(name) || statusOf(cause) === 403) {
    return new RefusedError('aws.forbidden', `Your credentials may not ${action} in ${region}.`, { cause });
  }
  const status = statusOf(cause);
  if (status !== undefined && status >= 400 && status < 500 && status !== 429 && !/Throttl/.test(name)) {
    return new RefusedError('aws.refused', `${action} in ${region} was refused (${name}): ${message}`, {
      cause,
    });
  }
  return new TransientError('aws.unavailable', `${action} in ${region} got no answer (${name}).`, { cause });
};

/** HTTP status that the SDK notes on its errors; undefined when nobody answered. */
const statusOf = (error: unknown): number | undefined => {
  if (!(error instanceof Error) || !('$metadata' in error)) return undefined;
  const { $metadata } = error;
  const status =
    typeof $metadata === 'object' && $metadata !== null && Reflect.get($metadata, 'httpStatusCode');
  return typeof status === 'number' ? status : undefined;
};
