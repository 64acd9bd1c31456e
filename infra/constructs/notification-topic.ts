import { PolicyStatement, type Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { siteOf } from '../site.ts';
import { acknowledge } from './compliance.ts';

export interface NotificationTopicProps {
  readonly key: IKey;
  /** Mail addresses; each is asked once by mail whether it wants this. */
  readonly subscribe: readonly string[];
}

/** Where everything that a person should hear of a site goes, our own alarms included. Encrypted. */
export class NotificationTopic extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, { key, subscribe }: NotificationTopicProps) {
    super(scope, id);
    const site = siteOf(this);
    this.topic = new Topic(this, 'Topic', {
      displayName: `Drydock ${site.name}`,
      masterKey: key,
      enforceSSL: true,
    });
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AlarmsPublish',
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': site.account } },
      }),
    );
    for (const address of subscribe) this.topic.addSubscription(new EmailSubscription(address));
    acknowledge(this, 'Serverless-SNSRedrivePolicy', MAIL_REASON);
  }

  /** Lets a function publish; the key of an encrypted topic asks for its own rights. */
  grantPublish(role: Role): void {
    role.addToPolicy(new PolicyStatement({ actions: ['sns:Publish'], resources: [this.topic.topicArn] }));
    this.topic.masterKey?.grant(role, 'kms:Decrypt', 'kms:GenerateDataKey*');
    acknowledge(role, 'AwsSolutions-IAM5[Action::kms:GenerateDataKey*]', KEY_REASON);
  }
}

const KEY_REASON =
  'KMS has two actions of that beginning, with and without the plain key, and SNS uses either.';
const MAIL_REASON =
  'A mail that bounces would wait in a queue that nobody reads; what it says stays in the ledger.';
