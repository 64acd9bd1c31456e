import { createFakeBucketFacts } from '../support/fake-bucket-facts.ts';
import { describeBucketFacts } from './contracts/bucket-facts.contract.ts';

/** The fake keeps what the client of S3 promises. */

const KEY = 'arn:aws:kms:eu-central-1:111122223333:key/archives';

describeBucketFacts('the fake of the tests', async () => {
  const buckets = createFakeBucketFacts();
  buckets.put('bare', { versions: { versioning: 'off' }, size: undefined });
  buckets.put('versioned', {
    versions: { versioning: 'enabled', noncurrentDays: 90 },
    replicas: [{ rule: 'all', to: 'replica', isWhole: true }],
    replication: { status: 'unknown', to: 'replica', why: 'its metrics are off' },
  });
  buckets.put('locked', {
    lock: { enabled: true, default: { mode: 'GOVERNANCE', days: 14 } },
    encryption: { algorithm: 'aws:kms', kmsKey: KEY },
  });
  buckets.put('counted', {
    size: { bytes: 2.005e12, objects: 42, countedAt: '2026-11-20T00:00:00.000Z' },
  });
  return {
    buckets,
    bare: 'bare',
    versioned: 'versioned',
    replica: 'replica',
    locked: 'locked',
    key: KEY,
    counted: 'counted',
  };
});
