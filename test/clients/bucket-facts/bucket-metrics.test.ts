import { describe, expect, it } from 'vitest';
import { openBucketFacts } from '../../../functions/clients/bucket-facts/open-bucket-facts.ts';
import { createFixedClock } from '../../support/fixed-clock.ts';
import { newRegion } from '../../support/new-region.ts';
import { type CannedMetric, useBucketEndpoints } from './bucket-endpoints.ts';

const { answerS3, answerMetrics, answerJson, regionsAsked } = useBucketEndpoints();

const NOW = '2026-11-21T03:00:00.000Z';
const open = (region = newRegion()) => openBucketFacts(region, createFixedClock(NOW));

describe('the size of a bucket', () => {
  const size = (type: string, ...points: CannedMetric['points']): CannedMetric => ({
    name: type === 'AllStorageTypes' ? 'NumberOfObjects' : 'BucketSizeBytes',
    dimensions: { BucketName: 'uploads', StorageType: type },
    points,
  });

  it.each<[string, CannedMetric[], object | undefined]>([
    [
      'the last count of one class',
      [
        size('StandardStorage', ['2026-11-18T00:00:00Z', 5e9], ['2026-11-19T00:00:00Z', 6e9]),
        size('AllStorageTypes', ['2026-11-19T00:00:00Z', 1_234]),
      ],
      { bytes: 6e9, objects: 1_234, countedAt: '2026-11-19T00:00:00.000Z' },
    ],
    [
      'all classes together, without what is billed and not there',
      [
        size('StandardStorage', ['2026-11-19T00:00:00Z', 5e9]),
        size('StandardIAStorage', ['2026-11-19T00:00:00Z', 3e12]),
        size('StandardIASizeOverhead', ['2026-11-19T00:00:00Z', 7e9]),
        size('GlacierObjectOverhead', ['2026-11-19T00:00:00Z', 7e9]),
      ],
      { bytes: 3.005e12, countedAt: '2026-11-19T00:00:00.000Z' },
    ],
    ['nothing of a bucket that S3 has not counted', [], undefined],
    [
      'nothing of a count that is a week old',
      [size('StandardStorage', ['2026-11-14T00:00:00Z', 5e9])],
      undefined,
    ],
  ])('is %s', async (_, metrics, expected) => {
    answerS3({});
    answerMetrics(metrics);
    expect(await open().readSize('uploads')).toEqual(expected);
  });

  it('is asked for where the bucket is, which the refusal of another region tells too', async () => {
    answerS3({ HEAD: { status: 403, headers: { 'x-amz-bucket-region': 'us-west-2' } } });
    answerMetrics([]);
    await open().readSize('far-away');
    expect(regionsAsked().at(-1)).toBe('us-west-2');
  });

  it('that may not be read names the right', async () => {
    answerS3({});
    answerJson(() => ({ status: 403, body: { __type: 'AccessDenied' } }));
    await expect(open().readSize('uploads')).rejects.toMatchObject({
      code: 'bucket.forbidden',
      permission: 'cloudwatch:GetMetricData',
    });
  });
});

describe('the replication of a bucket', () => {
  const rule = (id: string, to: string, filter = '<Filter></Filter>') =>
    `<Rule><ID>${id}</ID><Status>Enabled</Status>${filter}<Destination><Bucket>arn:aws:s3:::${to}</Bucket></Destination></Rule>`;
  const rules = (...all: readonly string[]) => ({
    body: `<ReplicationConfiguration><Role>r</Role>${all.join('')}</ReplicationConfiguration>`,
  });
  const metric = (
    name: 'Pending' | 'Failed',
    [id, to]: readonly [string, string],
    at: string,
    value: number,
  ): CannedMetric => ({
    name: `Operations${name}Replication`,
    dimensions: { SourceBucket: 'uploads', DestinationBucket: to, RuleId: id },
    points: [[at, value]],
  });
  const one = ['all', 'replica'] as const;
  const JUST_NOW = '2026-11-21T02:58:00Z';

  it.each<[string, ReturnType<typeof rules>, CannedMetric[], object]>([
    [
      'none without a rule for all of it',
      rules(rule('a', 'replica', '<Filter><Prefix>a/</Prefix></Filter>')),
      [],
      { status: 'none' },
    ],
    [
      'complete when nothing waits',
      rules(rule(...one)),
      [metric('Pending', one, JUST_NOW, 0)],
      { status: 'complete', to: 'replica', pending: 0 },
    ],
    [
      'behind when something waits',
      rules(rule(...one)),
      [metric('Pending', one, JUST_NOW, 12)],
      { status: 'behind', to: 'replica', pending: 12, why: '12 operations wait for their replica' },
    ],
    [
      'unknown without metrics',
      rules(rule(...one)),
      [],
      { status: 'unknown', to: 'replica', why: expect.stringContaining('no metrics') },
    ],
    [
      'unknown when they are old',
      rules(rule(...one)),
      [metric('Pending', one, '2026-11-21T02:40:00Z', 0)],
      { status: 'unknown' },
    ],
    [
      'failed when something failed in the last day, although nothing waits',
      rules(rule(...one)),
      [metric('Pending', one, JUST_NOW, 0), metric('Failed', one, '2026-11-20T04:00:00Z', 3)],
      { status: 'failed', to: 'replica', pending: 0, why: expect.stringContaining('3 operations') },
    ],
    [
      'complete when what failed is older than a day',
      rules(rule(...one)),
      [metric('Pending', one, JUST_NOW, 0), metric('Failed', one, '2026-11-20T02:00:00Z', 3)],
      { status: 'complete' },
    ],
    [
      'that of the best replica',
      rules(rule(...one), rule('two', 'other')),
      [metric('Pending', one, JUST_NOW, 4), metric('Pending', ['two', 'other'], JUST_NOW, 0)],
      { status: 'complete', to: 'other' },
    ],
  ])('is %s', async (_, replication, metrics, expected) => {
    answerS3({ replication });
    answerMetrics(metrics);
    expect(await open().readReplication('uploads')).toMatchObject(expected);
  });

  it('is asked for on both sides: what waits where the replica is, what failed where the source is', async () => {
    const home = newRegion();
    answerS3({
      'far-replica HEAD': { headers: { 'x-amz-bucket-region': 'ap-south-1' } },
      HEAD: { headers: { 'x-amz-bucket-region': home } },
      replication: rules(rule('all', 'far-replica')),
    });
    answerMetrics([]);
    const before = regionsAsked().length;
    await open(home).readReplication('uploads');
    expect(regionsAsked().slice(before).toSorted()).toEqual(['ap-south-1', home].toSorted());
  });
});
