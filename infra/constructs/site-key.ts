import { RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { siteOf } from '../site.ts';

/**
 * The key of a site: ledger and topic are encrypted with it. It stays when the stack goes, since without it the
 * ledger that stays as well could never be read again.
 */
export class SiteKey extends Construct {
  readonly key: Key;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.key = new Key(this, 'Key', {
      description: `Drydock site ${siteOf(this).name}: ledger and notifications`,
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    // The key that AWS manages for SNS cannot be opened to alarms and rules; this is why the site has its own.
    this.key.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AlarmsAndRulesPublish',
        principals: [
          new ServicePrincipal('cloudwatch.amazonaws.com'),
          new ServicePrincipal('events.amazonaws.com'),
        ],
        actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
        resources: ['*'],
        conditions: { StringEquals: { 'aws:SourceAccount': siteOf(this).account } },
      }),
    );
  }
}
