import type { IConstruct } from 'constructs';
import * as z from 'zod';

/** Where a stack goes: an AWS account, or the AWS of the local world (`npm start`). */
export type Stage = 'aws' | 'local';

const StageName = z.enum(['aws', 'local'], { error: 'write -c stage=aws or -c stage=local' });

/**
 * Everything that differs on the local stage, and why. This is the one list: constructs ask `isLeftOut`, and
 * nothing under `functions/` knows of it.
 */
export const LEFT_OUT_LOCALLY = {
  accessEntry:
    'CloudFormation there has no AWS::EKS::AccessEntry; the stand-in of EKS gets the same entry from the stack output.',
  metricMath:
    'CloudFormation there refuses an alarm whose metric is computed; its alarms see one metric without dimensions anyway.',
  keyConditions:
    'IAM there knows no condition of KMS, and takes an alias for the resource; a role may use the keys of the account instead.',
  metricNamespace:
    'IAM there does not know in which namespace a metric is written; the role may write into any of them instead.',
} as const;

export type LeftOut = keyof typeof LEFT_OUT_LOCALLY;

/**
 * The stage a construct belongs to, from the CDK context key `stage`; an account unless said otherwise.
 *
 * @throws ZodError when the context holds anything else.
 */
export const stageOf = (scope: IConstruct): Stage =>
  StageName.parse(scope.node.tryGetContext('stage') ?? 'aws');

/** Is this part left out on the stage the construct belongs to? */
export const isLeftOut = (scope: IConstruct, part: LeftOut): boolean =>
  stageOf(scope) === 'local' && part in LEFT_OUT_LOCALLY;
