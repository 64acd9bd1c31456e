import {
  GetBucketLifecycleConfigurationCommand,
  GetBucketVersioningCommand,
  type LifecycleRule,
} from '@aws-sdk/client-s3';
import type { BucketVersions } from '../bucket-facts.ts';
import { type BucketPlace, callBucket, callBucketOr } from './bucket-call.ts';

/** GetBucketVersioning, and GetBucketLifecycleConfiguration. */
export const readVersions = async (
  place: BucketPlace,
  signal: AbortSignal | undefined,
): Promise<BucketVersions> => {
  const Bucket = place.bucket;
  const [status, rules] = await Promise.all([
    callBucket(place, 's3:GetBucketVersioning', signal, async (client, options) => {
      return (await client.send(new GetBucketVersioningCommand({ Bucket }), options)).Status;
    }),
    callBucketOr<readonly LifecycleRule[]>(
      place,
      { action: 's3:GetLifecycleConfiguration', absent: /^NoSuchLifecycleConfiguration$/, otherwise: [] },
      signal,
      async (client, options) => {
        const command = new GetBucketLifecycleConfigurationCommand({ Bucket });
        return (await client.send(command, options)).Rules ?? [];
      },
    ),
  ]);
  const days = rules.flatMap(({ Status, NoncurrentVersionExpiration }) =>
    Status === 'Enabled' && NoncurrentVersionExpiration?.NoncurrentDays !== undefined
      ? [NoncurrentVersionExpiration.NoncurrentDays]
      : [],
  );
  return {
    versioning: status === 'Enabled' ? 'enabled' : status === 'Suspended' ? 'suspended' : 'off',
    ...(days.length > 0 && { noncurrentDays: Math.min(...days) }),
  };
};
