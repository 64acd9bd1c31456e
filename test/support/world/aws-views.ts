import { GetObjectCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import {
  DescribeExecutionCommand,
  type DescribeExecutionOutput,
  type ExecutionListItem,
  paginateListExecutions,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import * as z from 'zod';
import type { Ledger } from '../../../functions/clients/ledger.ts';
import type { World } from '../../../infra/local/world/start-world.ts';

/** How an SDK client reaches the local AWS as the person who deployed. */
export const clientSettings = ({ aws }: World) => ({
  endpoint: aws.url,
  region: aws.region,
  credentials: aws.credentials,
});

/** The ledger bucket as a test looks at it: whole objects by prefix. */
export const viewLedger = (world: World) => {
  const s3 = new S3Client({ ...clientSettings(world), forcePathStyle: true });
  const Bucket = world.site.ledgerBucket;
  const keys = async (prefix: string): Promise<string[]> => {
    const found: string[] = [];
    for await (const page of paginateListObjectsV2({ client: s3 }, { Bucket, Prefix: prefix })) {
      for (const { Key } of page.Contents ?? []) if (Key !== undefined) found.push(Key);
    }
    return found;
  };
  const read = async (key: string): Promise<string> =>
    (await (await s3.send(new GetObjectCommand({ Bucket, Key: key }))).Body?.transformToString()) ?? '';
  return {
    keys,
    read,
    /** Every record under a prefix, parsed with its schema. */
    records: async <S extends z.ZodType>(schema: S, prefix: string): Promise<z.output<S>[]> => {
      const texts = await Promise.all((await keys(prefix)).map(read));
      return texts.map((text) => schema.parse(JSON.parse(text)));
    },
  } satisfies Partial<Record<keyof Ledger | 'keys' | 'records', unknown>>;
};

/** Step Functions as a person at the console uses it. */
export const viewExecutions = (world: World) => {
  const sfn = new SFNClient(clientSettings(world));
  const summaries = async (machine: string): Promise<ExecutionListItem[]> => {
    const found: ExecutionListItem[] = [];
    const pages = paginateListExecutions({ client: sfn, pageSize: 1_000 }, { stateMachineArn: machine });
    for await (const { executions = [] } of pages) found.push(...executions);
    return found;
  };
  const list = async (machine: string): Promise<DescribeExecutionOutput[]> =>
    Promise.all(
      (await summaries(machine)).map(({ executionArn }) =>
        sfn.send(new DescribeExecutionCommand({ executionArn })),
      ),
    );
  return {
    sfn,
    /** Names and states of all executions of a machine. */
    summaries,
    list,
    start: async (machine: string, input: unknown, name?: string): Promise<string> => {
      const named = name === undefined ? {} : { name };
      const request = { stateMachineArn: machine, input: JSON.stringify(input), ...named };
      return (await sfn.send(new StartExecutionCommand(request))).executionArn ?? '';
    },
    describe: (executionArn: string): Promise<DescribeExecutionOutput> =>
      sfn.send(new DescribeExecutionCommand({ executionArn })),
  };
};

const Delivery = z.object({
  Subject: z.string(),
  Message: z.string(),
  MessageAttributes: z.record(z.string(), z.object({ Value: z.string() })),
});
export type Delivery = z.output<typeof Delivery>;

/** Subscribes to the topic as a person's tool would, and keeps what was told since. */
export const subscribe = async (world: World): Promise<() => Promise<readonly Delivery[]>> => {
  const sqs = new SQSClient(clientSettings(world));
  const name = `notices-${Date.now()}`;
  const arn = `arn:aws:sqs:${world.aws.region}:${world.aws.account}:${name}`;
  const Policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'sns.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: arn,
        Condition: { ArnEquals: { 'aws:SourceArn': world.site.topicArn } },
      },
    ],
  });
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes: { Policy } }));
  const subscription = { TopicArn: world.site.topicArn, Protocol: 'sqs', Endpoint: arn };
  await new SNSClient(clientSettings(world)).send(new SubscribeCommand(subscription));
  const told: Delivery[] = [];
  return async () => {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 0 }),
    );
    for (const { Body = '', ReceiptHandle } of Messages) {
      told.push(Delivery.parse(JSON.parse(Body)));
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    }
    return told;
  };
};
