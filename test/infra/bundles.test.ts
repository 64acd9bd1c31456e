import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { bundleOf, listFunctions } from '../../infra/constructs/function-bundles.ts';

/** What a Lambda carries is read and compiled at each cold start, whether it is called or not. */

const KB = 1_000;
const ROOM = 1_100 * KB;
const ROOM_WITH_KUBERNETES = 2_800 * KB;
const ROOM_WITH_ACCOUNT = 3_500 * KB;

const SourceMap = z.object({ sources: z.array(z.string()) });
const CLIENT = /node_modules\/(?:@aws-sdk\/client-([^/]+)|@(kubernetes)\/client-node)\//;

/** The outside systems whose clients are in a bundle. */
const clientsIn = (entry: string): string[] => {
  const { sources } = SourceMap.parse(JSON.parse(Buffer.from(bundleOf(entry).sourceMap).toString()));
  const names = sources.flatMap((source) => CLIENT.exec(source)?.slice(1).find(Boolean) ?? []);
  return [...new Set(names)].toSorted();
};

const sizeOf = (entry: string): number => bundleOf(entry).module.length;

describe('the door', () => {
  test('budget: it is below 250 KB, since its start is in the way of a sender', () => {
    expect(sizeOf('deployment/receive-webhook')).toBeLessThan(250 * KB);
  });

  test('carries no AWS SDK', () => {
    const text = Buffer.from(bundleOf('deployment/receive-webhook').module).toString();
    expect(text).not.toMatch(/@aws-sdk|SendMessageBatchCommand/);
    expect(clientsIn('deployment/receive-webhook')).toEqual([]);
  });
});

describe('budget', () => {
  test.each(listFunctions().map((entry) => [entry]))('%s is below 3.5 MB', (entry) => {
    expect(sizeOf(entry)).toBeLessThan(ROOM_WITH_ACCOUNT);
  });

  test.each(listFunctions().filter((entry) => !clientsIn(entry).includes('kubernetes')))(
    '%s, which speaks to no cluster, is below 1.1 MB',
    (entry) => {
      expect(sizeOf(entry)).toBeLessThan(ROOM);
    },
  );

  test('upgrade/advance-upgrade, which starts at every poll of an upgrade, is below 2.8 MB', () => {
    expect(sizeOf('upgrade/advance-upgrade')).toBeLessThan(ROOM_WITH_KUBERNETES);
  });
});

describe('of the upgrade capability', () => {
  const ACCOUNT = ['ec2', 'eks', 'iam', 'kms', 'kubernetes', 's3', 'service-quotas'];
  const CARRIED: Readonly<Record<string, readonly string[]>> = {
    'accept-approval': ['s3'],
    'advance-upgrade': ['eks', 'kubernetes', 's3', 'secrets-manager', 'sns'],
    'begin-upgrade': ['eks', 's3', 'secrets-manager', 'sns'],
    'check-gates': ['eks', 's3'],
    'collect-facts': ACCOUNT,
    'finish-upgrade': ['s3', 'sns'],
    'handle-failure': ['s3', 'sns'],
    'judge-cluster': ['s3'],
    'plan-checks': ['eks', 's3', 'sns'],
    'plan-upgrade': ACCOUNT,
    'request-approval': ['s3', 'sns'],
    'tell-report': ['s3', 'secrets-manager', 'sns'],
    'tell-unchecked': ['s3', 'sns'],
  };

  test.each(Object.entries(CARRIED))('%s carries the clients of %j and no other', (name, clients) => {
    expect(clientsIn(`upgrade/${name}`)).toEqual(clients);
  });

  test('every Lambda is in this table', () => {
    const names = listFunctions().flatMap((entry) => /^upgrade\/(.+)/.exec(entry)?.slice(1) ?? []);
    expect(names).toEqual(Object.keys(CARRIED));
  });
});
