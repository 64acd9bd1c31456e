import {
  CloudFormationClient,
  CreateStackCommand,
  waitUntilStackCreateComplete,
} from '@aws-sdk/client-cloudformation';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectLegalHoldCommand,
  PutObjectLockConfigurationCommand,
  PutObjectRetentionCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { COMPLIANCE_CONFIRMATION } from '../../functions/records/configuration/backup.ts';
import { connectS3 } from '../support/connect-s3.ts';
import { openRoleSession } from '../support/role-session.ts';
import { useAws } from '../support/world/use-aws.ts';
import { makeBackupConfiguration, synthesiseVaults } from './support/backup-stacks.ts';

/**
 * The vault of a template, made by CloudFormation, against roles that were given every right there is: what they still
 * may not is what the vault itself refuses.
 */

const local = useAws();

const Resources = z.record(z.string(), z.object({ Type: z.string(), Properties: z.unknown() }));
const BucketProperties = z.object({
  BucketName: z.string(),
  ObjectLockConfiguration: z.object({
    ObjectLockEnabled: z.literal('Enabled'),
    Rule: z.object({
      DefaultRetention: z.object({ Mode: z.enum(['GOVERNANCE', 'COMPLIANCE']), Days: z.number() }),
    }),
  }),
});

/** In one account, since the local AWS has no other; without what only the bootstrap of an account knows. */
const makeVault = async (bucket: string, lock: object): Promise<void> => {
  const configuration = makeBackupConfiguration({
    destination: { bucket },
    secrets: { bucket: `${bucket}-secrets`, kmsKey: `alias/${bucket}-secrets` },
    lock,
  });
  const template = synthesiseVaults(configuration).get('drydock-vault-production')?.template;
  const { Parameters: _, Rules: __, ...body } = (template ?? Template.fromString('{}')).toJSON();
  const client = new CloudFormationClient({
    endpoint: local().aws.url,
    region: local().aws.region,
    credentials: local().aws.credentials,
  });
  const StackName = `vault-${bucket}`;
  await client.send(new CreateStackCommand({ StackName, TemplateBody: nameSessions(JSON.stringify(body)) }));
  await waitUntilStackCreateComplete({ client, maxWaitTime: 60, minDelay: 1, maxDelay: 1 }, { StackName });
  // The local CloudFormation leaves locks out; template tests hold them to what they must be.
  for (const { Type, Properties } of Object.values(Resources.parse(body['Resources']))) {
    if (Type !== 'AWS::S3::Bucket') continue;
    const { BucketName: Bucket, ObjectLockConfiguration } = BucketProperties.parse(Properties);
    await local().s3.send(new PutObjectLockConfigurationCommand({ Bucket, ObjectLockConfiguration }));
  }
};

beforeAll(async () => {
  await makeVault('kept', { mode: 'governance', days: 7 });
});

/**
 * As aws:PrincipalArn the local IAM knows the session, AWS its role (IAM User Guide, "AWS global condition context keys").
 */
const nameSessions = (template: string): string =>
  template
    .replaceAll(/arn:aws:iam::(\d{12}):role\/([^"]+)"/g, 'arn:aws:sts::$1:assumed-role/$2/*"')
    .replaceAll('"ArnEquals"', '"ArnLike"');

const sessions = new Map<string, Promise<S3Client>>();
/** As a role of this name, with every right on S3 that IAM can give. */
const as = (role: string): Promise<S3Client> => {
  const open = async (): Promise<S3Client> => {
    const { environment } = await openRoleSession(local().aws, role, ['s3:*']);
    const credentials = {
      accessKeyId: environment['AWS_ACCESS_KEY_ID'] ?? '',
      secretAccessKey: environment['AWS_SECRET_ACCESS_KEY'] ?? '',
      sessionToken: environment['AWS_SESSION_TOKEN'] ?? '',
    };
    return connectS3(local().aws.url, credentials, local().aws.region);
  };
  const session = sessions.get(role) ?? open();
  sessions.set(role, session);
  return session;
};
const nameOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'done',
    (error: unknown) => (error instanceof Error ? error.name : String(error)),
  );
const write = async (s3: S3Client, Bucket: string) => {
  const Key = `${crypto.randomUUID()}.tar`;
  const { VersionId = '' } = await s3.send(new PutObjectCommand({ Bucket, Key, Body: 'archive' }));
  return { Bucket, Key, VersionId };
};

test('what the tool writes is locked at once, for as many days as the configuration says', async () => {
  const written = await write(await as('gitlab-toolbox'), 'kept');
  const head = await local().s3.send(new HeadObjectCommand(written));
  const days = ((head.ObjectLockRetainUntilDate?.getTime() ?? 0) - Date.now()) / 86_400_000;
  expect(head.ObjectLockMode).toBe('GOVERNANCE');
  expect(days).toBeGreaterThan(6.9);
  expect(days).toBeLessThanOrEqual(7);
});

describe.each(['drydock-main-backup-delete', 'drydock-main-backup-verify', 'gitlab-toolbox'])(
  '%s, given every right',
  (role) => {
    const soon = { Mode: 'GOVERNANCE' as const, RetainUntilDate: new Date(Date.now() + 1_000) };

    test.each<[string, (s3: S3Client, of: Awaited<ReturnType<typeof write>>) => Promise<unknown>]>([
      [
        'opens no lock',
        (s3, of) => s3.send(new DeleteObjectCommand({ ...of, BypassGovernanceRetention: true })),
      ],
      [
        'shortens none',
        (s3, of) =>
          s3.send(new PutObjectRetentionCommand({ ...of, Retention: soon, BypassGovernanceRetention: true })),
      ],
      [
        'lifts no hold',
        (s3, of) => s3.send(new PutObjectLegalHoldCommand({ ...of, LegalHold: { Status: 'OFF' } })),
      ],
      [
        'changes the lock of no bucket',
        (s3, { Bucket }) =>
          s3.send(
            new PutObjectLockConfigurationCommand({
              Bucket,
              ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled' },
            }),
          ),
      ],
      [
        'switches no versions off',
        (s3, { Bucket }) =>
          s3.send(
            new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Suspended' } }),
          ),
      ],
    ])('%s', async (_, attempt) => {
      const written = await write(local().s3, 'kept');
      expect(await nameOf(attempt(await as(role), written))).toBe('AccessDenied');
      expect(await nameOf(local().s3.send(new GetObjectCommand(written)))).toBe('done');
    });
  },
);

test('the tool does not even hide an archive', async () => {
  const { Bucket, Key } = await write(local().s3, 'kept');
  expect(await nameOf((await as('gitlab-toolbox')).send(new DeleteObjectCommand({ Bucket, Key })))).toBe(
    'AccessDenied',
  );
});

test('a person with the right to open a lock of governance does, and nobody opens one of compliance', async () => {
  const open = async (bucket: string) => {
    const written = await write(local().s3, bucket);
    return nameOf(local().s3.send(new DeleteObjectCommand({ ...written, BypassGovernanceRetention: true })));
  };
  expect(await open('kept')).toBe('done');
  await makeVault('sealed', { mode: 'compliance', days: 1, confirmation: COMPLIANCE_CONFIRMATION });
  expect(await open('sealed')).toBe('AccessDenied');
});
