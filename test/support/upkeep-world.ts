import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { AwsClient } from 'aws4fetch';
import { afterAll, beforeAll } from 'vitest';
import * as z from 'zod';
import { openSetStore } from '../../functions/backup/sets/set-store.ts';
import { BackupSet, backupSetKey } from '../../functions/records/backup/set.ts';
import { deployApp } from '../../infra/local/aws/deploy.ts';
import { type LocalAws, startAws } from '../../infra/local/aws/start-aws.ts';
import { findFreePort } from '../../infra/local/free-port.ts';
import { buildBackupSettings } from './backup-upkeep.ts';
import { connectS3 } from './connect-s3.ts';
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts';
import { createFixedClock } from './fixed-clock.ts';
import { createMemoryLedger } from './memory-ledger.ts';
import { waitFor } from './world/wait-for.ts';

/**
 * The backup capability as it is deployed, under the roles of its stack, on the local AWS alone: what keeps sets in order
 * never asks a cluster.
 */

const ARCHIVES = 'production-backups';

export interface StoredSet {
  readonly set: BackupSet;
  /** Its archive is locked until then. */
  readonly lockedUntil?: Date;
  /** Its archive; without it what lies there is none. */
  readonly archive?: Uint8Array;
}

const start = async (aws: LocalAws, folder: string, policy: object, changes: object) => {
  const settings = buildBackupSettings('production', { daily: policy });
  const { bucket } = settings.destination;
  const configuration = join(folder, 'drydock.yaml');
  await writeFile(
    configuration,
    JSON.stringify({
      version: 1,
      sites: { local: { account: aws.account, region: aws.region, logRetentionDays: 1 } },
      environments: { production: { cluster: { name: 'production' } } },
      backup: {
        environments: {
          production: {
            ...settings,
            destination: { bucket, create: false },
            lock: { mode: 'governance', days: 1 },
            ...changes,
          },
        },
      },
    }),
  );
  const s3 = connectS3(aws.url, aws.credentials, aws.region);
  await s3.send(new CreateBucketCommand({ Bucket: ARCHIVES, ObjectLockEnabledForBucket: true }));
  const outputs = await deployApp({
    aws,
    app: 'node infra/app.ts',
    folder: join(folder, 'cdk'),
    report: () => undefined,
    context: { stage: 'local', configuration },
  });
  const stack = outputs['drydock-local'] ?? {};
  const ledger = stack['LedgerBucketName'] ?? '';
  const machines = {
    upkeep: stack['BackupUpkeepMachineArn'] ?? '',
    verification: stack['BackupVerificationMachineArn'] ?? '',
  };
  const sfn = new SFNClient({ endpoint: aws.url, region: aws.region, credentials: aws.credentials });
  const lambda = new AwsClient({ ...aws.credentials, region: aws.region, service: 'lambda' });
  const readText = async (Key: string): Promise<string | undefined> => {
    const object = await s3.send(new GetObjectCommand({ Bucket: ledger, Key }));
    return object.Body?.transformToString();
  };
  return {
    aws,
    machines,
    ledger,
    s3,
    readText,
    read: async (id: string) =>
      BackupSet.parse(JSON.parse((await readText(backupSetKey('production', id))) ?? '')),
    /** Puts sets where a backup leaves them: archives in their bucket, manifests and index in the ledger. */
    store: async (stored: readonly StoredSet[], since: string): Promise<void> => {
      const memory = createMemoryLedger();
      const sets = openSetStore({
        ledger: memory,
        clock: createFixedClock(since),
        policiesOf: () => ['daily'],
      });
      for (const { set, lockedUntil, archive = 'no archive' } of stored) {
        const parts = await Promise.all(
          set.parts.map(async (part) => {
            if (part.kind !== 'archive') return part;
            const lock = lockedUntil
              ? { ObjectLockMode: 'GOVERNANCE' as const, ObjectLockRetainUntilDate: lockedUntil }
              : {};
            const put = { Bucket: ARCHIVES, Key: part.object.key, Body: archive, ...lock };
            const { VersionId = '', ETag = '' } = await s3.send(new PutObjectCommand(put));
            return {
              ...part,
              object: { ...part.object, bucket: ARCHIVES, versionId: VersionId, etag: ETag },
            };
          }),
        );
        await sets.open({ ...set, parts });
      }
      for (const [Key, Body] of memory.objects)
        await s3.send(new PutObjectCommand({ Bucket: ledger, Key, Body }));
    },
    /** Keys of the archives that are there in any version. */
    archives: async (): Promise<string[]> => {
      const { Versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket: ARCHIVES }));
      return Versions.map(({ Key = '' }) => Key).toSorted();
    },
    runMachine: async (arn: string, input: unknown) => {
      const { executionArn } = await sfn.send(
        new StartExecutionCommand({ stateMachineArn: arn, input: JSON.stringify(input) }),
      );
      return waitFor(`${executionArn} has ended`, async () => {
        const execution = await sfn.send(new DescribeExecutionCommand({ executionArn }));
        return execution.status !== 'RUNNING' && execution;
      });
    },
    /** Calls a deployed function as a schedule does. @param name as in the stack: `JudgeFreshness`. */
    callFunction: async (name: string, input: unknown): Promise<unknown> => {
      const root = `${aws.url}/2015-03-31/functions`;
      const listed = Functions.parse(await (await lambda.fetch(`${root}/?MaxItems=100`)).json());
      const found = listed.Functions.find(({ FunctionName }) => FunctionName.includes(`${name}Function`));
      if (!found) throw new Error(`There is no function ${name}.`);
      const url = `${root}/${found.FunctionName}/invocations`;
      const response = await lambda.fetch(url, { method: 'POST', body: JSON.stringify(input) });
      const text = await response.text();
      if (response.headers.has('x-amz-function-error')) throw new Error(`${name} failed: ${text}`);
      return JSON.parse(text);
    },
  };
};
const Functions = z.object({ Functions: z.array(z.object({ FunctionName: z.string() })) });

export type UpkeepWorld = Awaited<ReturnType<typeof start>> & {
  /** Between the Lambdas and S3; the test itself reaches S3 directly. */
  readonly proxy: FaultProxy;
};

/**
 * Deploys it for one test file.
 *
 * @param policy the settings of its one policy, `daily`.
 * @param changes other settings of the environment.
 */
export const useUpkeepWorld = (policy: object, changes: object = {}): (() => UpkeepWorld) => {
  const stops: (() => Promise<unknown>)[] = [];
  let world: UpkeepWorld | undefined;
  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'drydock-upkeep-'));
    stops.unshift(() => rm(folder, { recursive: true, force: true }));
    const port = await findFreePort();
    const proxy = await startFaultProxy(`http://127.0.0.1:${port}`);
    stops.unshift(() => proxy.stop());
    const aws = await startAws({
      folder: join(folder, 'aws'),
      report: () => undefined,
      waitScale: 0.05,
      port,
      environment: { AWS_ENDPOINT_URL_S3: proxy.url },
    });
    stops.unshift(() => aws.stop());
    world = { ...(await start(aws, folder, policy, changes)), proxy };
  });
  afterAll(async () => {
    for (const stop of stops) await stop();
  });
  return () => {
    if (!world) throw new Error('The world is there once tests run.');
    return world;
  };
};
