import { GetBucketReplicationCommand, type ReplicationRule } from '@aws-sdk/client-s3';
import type { BucketReplica } from '../bucket-facts.ts';
import { type BucketPlace, callBucketOr } from './bucket-call.ts';

/** GetBucketReplication: the rules that are switched on. */
export const readReplicas = (
  place: BucketPlace,
  signal: AbortSignal | undefined,
): Promise<readonly BucketReplica[]> =>
  callBucketOr<readonly BucketReplica[]>(
    place,
    {
      action: 's3:GetReplicationConfiguration',
      absent: /^ReplicationConfigurationNotFound/,
      otherwise: [],
    },
    signal,
    async (client, options) => {
      const command = new GetBucketReplicationCommand({ Bucket: place.bucket });
      const { ReplicationConfiguration } = await client.send(command, options);
      return (ReplicationConfiguration?.Rules ?? [])
        .filter(({ Status }) => Status === 'Enabled')
        .map(readRule);
    },
  );

const readRule = (rule: ReplicationRule): BucketReplica => ({
  rule: rule.ID ?? '',
  // `arn:aws:s3:::bucket`
  to: (rule.Destination?.Bucket ?? '').split(':').at(-1) ?? '',
  isWhole: isWhole(rule),
});

/** An older rule has its prefix beside the filter. Source: S3 API reference, `ReplicationRuleFilter`. */
const isWhole = ({ Filter, Prefix }: ReplicationRule): boolean => {
  const { Prefix: filtered, Tag, And } = Filter ?? {};
  const prefixes = [Prefix, filtered, And?.Prefix];
  const isTagged = Tag !== undefined || (And?.Tags ?? []).length > 0;
  return !isTagged && prefixes.every((prefix) => prefix === undefined || prefix === '');
};
