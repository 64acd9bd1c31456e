import { PublishCommand, SNSClient, SNSServiceException } from '@aws-sdk/client-sns';
import type { Notice } from '../records/message.ts';
import { renderMessage } from '../rules/message-text.ts';
import { DefectError, RefusedError, TransientError } from '../runtime/errors.ts';

const sns = new SNSClient({});

/** Tells people and machines through an SNS topic. */
export interface Notifier {
  /** Publishes one notice. Twice is a repeat with the same id, not a second message. */
  publish(notice: Notice, signal?: AbortSignal): Promise<void>;
}

/**
 * Connects to the topic of a site.
 *
 * @throws TransientError `notifier.unavailable` when SNS is down, slow or busy beyond the SDK's own retries.
 * @throws RefusedError `notifier.missing`, `notifier.forbidden` when the topic is gone, or its policy, our role or
 *   its encryption key says no.
 * @throws DefectError `notifier.invalid` when SNS does not take what we wrote.
 */
export const connectNotifier = (topicArn: string): Notifier => ({
  async publish(notice, signal) {
    const { subject, body, attributes } = renderMessage(notice);
    const command = new PublishCommand({
      TopicArn: topicArn,
      Subject: subject,
      Message: body,
      MessageAttributes: Object.fromEntries(
        Object.entries(attributes).map(([name, value]) => [name, { DataType: 'String', StringValue: value }]),
      ),
    });
    try {
      await sns.send(command, signal ? { abortSignal: signal } : {});
    } catch (error) {
      throw toOurError(error, topicArn, notice.id);
    }
  },
});

const toOurError = (error: unknown, topicArn: string, id: string): Error => {
  const name = error instanceof SNSServiceException ? error.name.replace(/Exception$/, '') : '';
  if (name === 'NotFound') {
    return new RefusedError(
      'notifier.missing',
      `The topic ${topicArn} does not exist, so notice ${id} was not told. Deploy again with \`npm run deploy\`.`,
      { cause: error },
    );
  }
  // KMSThrottling passes by itself; the other KMS errors are about the topic's key.
  if (name === 'AuthorizationError' || name === 'AccessDenied' || /^KMS(?!Throttling)/.test(name)) {
    return new RefusedError(
      'notifier.forbidden',
      `SNS refused notice ${id} for ${topicArn} (${name}). Check the topic's policy and its encryption key, then ` +
        'deploy again with `npm run deploy`; the sweep publishes what was not told.',
      { cause: error },
    );
  }
  if (name.startsWith('Invalid')) {
    return new DefectError('notifier.invalid', `SNS does not take notice ${id}: ${name}.`, { cause: error });
  }
  return new TransientError(
    'notifier.unavailable',
    `SNS did not take notice ${id} for ${topicArn}; trying again.`,
    {
      cause: error,
    },
  );
};
