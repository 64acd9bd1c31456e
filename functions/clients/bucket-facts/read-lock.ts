import { GetObjectLockConfigurationCommand } from '@aws-sdk/client-s3';
import type { BucketLock } from '../bucket-facts.ts';
import { type BucketPlace, callBucketOr } from './bucket-call.ts';

/** As S3 counts them. Source: Amazon S3 User Guide, "Object Lock", retention periods in days or years. */
const DAYS_OF_YEAR = 365;

/** GetObjectLockConfiguration. */
export const readLock = (place: BucketPlace, signal: AbortSignal | undefined): Promise<BucketLock> =>
  callBucketOr<BucketLock>(
    place,
    {
      action: 's3:GetBucketObjectLockConfiguration',
      absent: /^ObjectLockConfigurationNotFound/,
      otherwise: { enabled: false },
    },
    signal,
    async (client, options) => {
      const command = new GetObjectLockConfigurationCommand({ Bucket: place.bucket });
      const { ObjectLockEnabled, Rule } = (await client.send(command, options)).ObjectLockConfiguration ?? {};
      const { Mode, Days, Years } = Rule?.DefaultRetention ?? {};
      const days = Days ?? (Years === undefined ? undefined : Years * DAYS_OF_YEAR);
      return {
        enabled: ObjectLockEnabled === 'Enabled',
        ...(Mode && days !== undefined && { default: { mode: Mode, days } }),
      };
    },
  );
