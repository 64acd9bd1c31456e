import { RemovalPolicy } from 'aws-cdk-lib';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { siteOf } from '../site.ts';

/** A log group that forgets after the time its site asks for, and goes with the stack. */
export const makeLog = (scope: Construct, id: string, name: string): LogGroup =>
  new LogGroup(scope, id, {
    logGroupName: name,
    retention: retentionOf(siteOf(scope).logRetentionDays),
    removalPolicy: RemovalPolicy.DESTROY,
  });

const retentionOf = (days: number): RetentionDays => {
  const found = Object.values(RetentionDays).find((known) => Number(known) === days);
  if (found !== undefined && typeof found !== 'string') return found;
  throw new Error(`CloudWatch Logs keeps nothing for just ${days} days.`);
};
