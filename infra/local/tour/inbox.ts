import { SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import * as z from 'zod';
import type { World } from '../world/start-world.ts';

/** A message of the topic, as a mail would bring it. */
const Delivery = z
  .object({
    Subject: z.string(),
    Message: z.string(),
    MessageAttributes: z.record(z.string(), z.object({ Value: z.string() })),
  })
  .transform(({ Subject, Message, MessageAttributes }) => ({
    subject: Subject,
    body: Message,
    outcome: MessageAttributes['outcome']?.Value,
  }));
export type Delivery = z.output<typeof Delivery>;

const QUEUE = 'tour-inbox';

/** Subscribes to the topic as an on-call tool would; each call gives everything told since. */
export const openInbox = async ({ aws, site }: World): Promise<() => Promise<readonly Delivery[]>> => {
  const { url: endpoint, region, account, credentials } = aws;
  const sqs = new SQSClient({ endpoint, region, credentials });
  const sns = new SNSClient({ endpoint, region, credentials });
  const Endpoint = `arn:aws:sqs:${region}:${account}:${QUEUE}`;
  const Policy = JSON.stringify(allowTopic(Endpoint, site.topicArn));
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: QUEUE, Attributes: { Policy } }));
  await sns.send(new SubscribeCommand({ TopicArn: site.topicArn, Protocol: 'sqs', Endpoint }));

  const told: Delivery[] = [];
  return async () => {
    const request = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 0 });
    for (const { Body = '', ReceiptHandle } of (await sqs.send(request)).Messages ?? []) {
      told.push(Delivery.parse(JSON.parse(Body)));
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    }
    return told;
  };
};

/** SNS delivers to a queue whose policy lets that topic in. */
const allowTopic = (queueArn: string, topicArn: string): unknown => ({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { Service: 'sns.amazonaws.com' },
      Action: 'sqs:SendMessage',
      Resource: queueArn,
      Condition: { ArnEquals: { 'aws:SourceArn': topicArn } },
    },
  ],
});
