import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Notifier } from '../../functions/clients/notifier.ts';
import { renderMessage } from '../../functions/rules/message-text.ts';
import type { FaultProxy } from '../support/fault-proxy.ts';
import { useFaultyAws } from '../support/faulty-aws.ts';
import { buildNotice } from '../support/notice-builder.ts';

/** Notices through a topic of the local AWS to who subscribed, and what SNS says when it does not take them. */

const local = useFaultyAws('SNS');
let proxy: FaultProxy;
let sns: SNSClient;
let sqs: SQSClient;
let topic: string;
let connectNotifier: (topicArn: string) => Notifier;

beforeAll(async () => {
  const { aws } = local();
  proxy = local().proxy;
  ({ connectNotifier } = await import('../../functions/clients/notifier.ts'));

  const client = { endpoint: aws.url, region: aws.region, credentials: aws.credentials };
  sns = new SNSClient(client);
  sqs = new SQSClient(client);
  topic = (await sns.send(new CreateTopicCommand({ Name: 'notices' }))).TopicArn ?? '';
});

/** Subscribes a queue to the topic; gives what arrives in it. */
const subscribe = async (name: string, filter?: object): Promise<() => Promise<string[]>> => {
  const Statement = [{ Effect: 'Allow', Principal: '*', Action: 'sqs:SendMessage', Resource: '*' }];
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes: { Policy } }));
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
  );
  await sns.send(
    new SubscribeCommand({
      TopicArn: topic,
      Protocol: 'sqs',
      Endpoint: Attributes?.QueueArn,
      ...(filter ? { Attributes: { FilterPolicy: JSON.stringify(filter) } } : {}),
    }),
  );
  return async () => {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 5 }),
    );
    return Messages.map(({ Body = '' }) => Body);
  };
};

describe('a published notice', () => {
  it('arrives with subject, text and attributes as they were rendered', async () => {
    const receive = await subscribe('everything');
    const notice = buildNotice();
    await connectNotifier(topic).publish(notice);
    const { subject, body, attributes } = renderMessage(notice);
    const received = (await receive()).map((text) => JSON.parse(text));
    expect(received).toMatchObject([{ TopicArn: topic, Subject: subject, Message: body }]);
    expect(received[0].MessageAttributes).toEqual(
      Object.fromEntries(
        Object.entries(attributes).map(([name, Value]) => [name, { Type: 'String', Value }]),
      ),
    );
  });

  it('reaches by a filter policy only who wants that severity', async () => {
    const receive = await subscribe('pager', { severity: ['critical'], environment: ['production'] });
    const notifier = connectNotifier(topic);
    await notifier.publish(buildNotice({ severity: 'warning' }));
    await notifier.publish(buildNotice({ severity: 'critical', environment: 'staging' }));
    await notifier.publish(buildNotice({ severity: 'critical', id: 'the-one' }));
    const received = await receive();
    expect(received.map((text) => JSON.parse(text).MessageAttributes.id.Value)).toEqual(['the-one']);
  });

  it('is taken at the size limit of reasons and fields', async () => {
    const large = '€"\\'.repeat(5_000);
    const reasons = Array.from({ length: 100 }, () => large);
    await connectNotifier(topic).publish(buildNotice({ did: large, next: large, happened: large, reasons }));
    expect(proxy.count({ method: 'POST' })).toBe(1);
  });
});

describe('a notice that SNS does not take', () => {
  /** An error in the form of the Query protocol. */
  const refusal = (status: number, code: string) => ({
    status,
    headers: { 'content-type': 'text/xml' },
    body:
      '<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><Error><Type>Sender</Type>' +
      `<Code>${code}</Code><Message>no</Message></Error><RequestId>r</RequestId></ErrorResponse>`,
  });

  it('is refused when the topic is gone, with the way to bring it back', async () => {
    const gone = topic.replace(/notices$/, 'gone');
    await expect(connectNotifier(gone).publish(buildNotice())).rejects.toMatchObject({
      name: 'RefusedError',
      code: 'notifier.missing',
      message: expect.stringContaining('npm run deploy'),
    });
  });

  it.each([
    [403, 'AuthorizationError', 'RefusedError', 'notifier.forbidden'],
    [400, 'KMSAccessDenied', 'RefusedError', 'notifier.forbidden'],
    [400, 'KMSDisabled', 'RefusedError', 'notifier.forbidden'],
    [400, 'InvalidParameter', 'DefectError', 'notifier.invalid'],
    [400, 'KMSThrottling', 'TransientError', 'notifier.unavailable'],
    [500, 'InternalError', 'TransientError', 'notifier.unavailable'],
  ])('with %i %s ends as %s %s', async (status, code, name, ours) => {
    proxy.inject({}, refusal(status, code), Number.POSITIVE_INFINITY);
    await expect(connectNotifier(topic).publish(buildNotice())).rejects.toMatchObject({ name, code: ours });
  });

  it('for a moment is sent again', async () => {
    proxy.inject({}, refusal(503, 'ServiceUnavailable'));
    await connectNotifier(topic).publish(buildNotice());
    expect(proxy.count()).toBe(2);
  });

  it('because nobody answers may succeed later', async () => {
    await proxy.down();
    await expect(connectNotifier(topic).publish(buildNotice())).rejects.toMatchObject({
      code: 'notifier.unavailable',
    });
    await proxy.up();
    await expect(connectNotifier(topic).publish(buildNotice())).resolves.toBeUndefined();
  });
});
