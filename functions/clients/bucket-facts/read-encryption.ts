import { DescribeKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { GetBucketEncryptionCommand } from '@aws-sdk/client-s3';
import { AWS_SETTINGS, limitTime, perRegion } from '../aws-clients.ts';
import { explainAwsError } from '../aws-errors.ts';
import type { BucketEncryption } from '../bucket-facts.ts';
import { type BucketPlace, callBucketOr } from './bucket-call.ts';

const useKms = perRegion((region) => new KMSClient({ ...AWS_SETTINGS, region }));

/** What S3 does where nothing else is said, since January 2023. Source: Amazon S3 User Guide, "Default encryption". */
const OWN = { algorithm: 'AES256' } as const;

/**
 * GetBucketEncryption, and DescribeKey where the bucket names its key by an alias or an id: rights are given on the ARN
 * of the key. The key of the account for S3 (`aws/s3`) needs none, and counts as none.
 */
export const readEncryption = async (
  place: BucketPlace,
  signal: AbortSignal | undefined,
): Promise<BucketEncryption> => {
  const { algorithm, key } = await callBucketOr<{ readonly algorithm: string; readonly key?: string }>(
    place,
    {
      action: 's3:GetEncryptionConfiguration',
      absent: /^ServerSideEncryptionConfigurationNotFound/,
      otherwise: OWN,
    },
    signal,
    async (client, options) => {
      const answer = await client.send(new GetBucketEncryptionCommand({ Bucket: place.bucket }), options);
      const rule = answer.ServerSideEncryptionConfiguration?.Rules?.[0]?.ApplyServerSideEncryptionByDefault;
      const name = rule?.KMSMasterKeyID;
      return { algorithm: rule?.SSEAlgorithm ?? OWN.algorithm, ...(name && { key: name }) };
    },
  );
  if (key === undefined || /(^|:)alias\/aws\//.test(key)) return { algorithm };
  return { algorithm, kmsKey: /^arn:[^:]+:kms:.*:key\//.test(key) ? key : await findKey(place, key, signal) };
};

const findKey = async (
  { bucket, region }: BucketPlace,
  key: string,
  signal: AbortSignal | undefined,
): Promise<string> => {
  try {
    const { KeyMetadata } = await useKms(region).send(
      new DescribeKeyCommand({ KeyId: key }),
      limitTime(signal),
    );
    return KeyMetadata?.Arn ?? key;
  } catch (error) {
    const where = `key ${key} of bucket ${bucket}`;
    throw explainAwsError(error, { scope: 'bucket', service: 'KMS', action: 'kms:DescribeKey', where });
  }
};
