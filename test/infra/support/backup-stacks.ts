import { Match, Template } from 'aws-cdk-lib/assertions';
import * as z from 'zod';
import { Configuration } from '../../../functions/records/configuration.ts';
import { addVaults } from '../../../infra/vaults.ts';
import { makeApp } from './stacks.ts';

/** Configurations with backups, and the vaults that they make. */

export const SITE_ACCOUNT = '111122223333';
export const VAULT_ACCOUNT = '999900001111';
export const TOOL_ROLE = `arn:aws:iam::${SITE_ACCOUNT}:role/gitlab-toolbox`;

/** Everything by which a lock is opened, shortened or switched off. Source: Amazon S3 User Guide, "Object Lock". */
export const OPENS_A_LOCK: readonly string[] = [
  's3:BypassGovernanceRetention',
  's3:DeleteBucket',
  's3:DeleteBucketPolicy',
  's3:PutBucketObjectLockConfiguration',
  's3:PutBucketPolicy',
  's3:PutBucketVersioning',
  's3:PutLifecycleConfiguration',
  's3:PutObjectLegalHold',
  's3:PutObjectRetention',
];

/** A site that backs up one GitLab every day into another account, unless said otherwise. */
export const makeBackupConfiguration = (settings: object = {}, more: object = {}): Configuration =>
  Configuration.parse({
    version: 1,
    sites: { main: { account: SITE_ACCOUNT, region: 'eu-central-1' } },
    environments: { production: { cluster: { name: 'blue' } } },
    backup: {
      environments: {
        production: {
          role: TOOL_ROLE,
          destination: { bucket: 'archives', account: VAULT_ACCOUNT },
          tmpBucket: 'tmp',
          secrets: { bucket: 'secrets', kmsKey: 'alias/secrets' },
          policies: { daily: { schedule: 'cron(0 3 * * ? *)', timeZone: 'Europe/Berlin' } },
          ...settings,
        },
      },
    },
    ...more,
  });

/** The vaults of a configuration by the names of their stacks. */
export const synthesiseVaults = (configuration: Configuration) =>
  new Map(
    addVaults(makeApp(), configuration).map((stack) => [
      stack.stackName,
      { stack, template: Template.fromStack(stack) },
    ]),
  );

const Words = z.union([z.string(), z.array(z.string())]).transform((words) => [words].flat());
const Statement = z.object({
  Effect: z.enum(['Allow', 'Deny']),
  Action: Words,
  Resource: z.unknown(),
  Condition: z.record(z.string(), z.record(z.string(), Words)).default({}),
});
export type Statement = z.output<typeof Statement>;
const Document = z.object({ Statement: z.array(Statement) });

/** The statements of the one policy that a resource of this kind has: of the bucket of this name, or of the key of it. */
export const statementsOf = (policy: unknown): Statement[] => Document.parse(policy).Statement;

/** Whom a statement is about, by its condition. */
export const rolesOf = ({ Condition }: Statement): string[] =>
  ['ArnEquals', 'ArnLike'].flatMap((operator) => Condition[operator]?.['aws:PrincipalArn'] ?? []);

/** An alarm that goes off by an age, and when nobody looked twice in a row; both its ends are told. */
export const ageAlarm = (
  name: string,
  metric: string,
  dimensions: Readonly<Record<string, string>>,
  seconds: number,
) => ({
  AlarmName: `drydock-main-Backup-${name}`,
  Namespace: 'Drydock/Backup',
  MetricName: metric,
  Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
  Statistic: 'Maximum',
  Threshold: seconds,
  Period: 900,
  EvaluationPeriods: 2,
  DatapointsToAlarm: 2,
  ComparisonOperator: 'GreaterThanOrEqualToThreshold',
  TreatMissingData: 'breaching',
  AlarmActions: [{ Ref: Match.stringLikeRegexp('^NotificationsTopic') }],
  OKActions: [{ Ref: Match.stringLikeRegexp('^NotificationsTopic') }],
});
