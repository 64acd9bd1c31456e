import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { World } from '../world/start-world.ts';

/** How many events wait in the queue behind the webhook, those included that a Lambda is at. */
export const countMessages = async ({ aws, site }: World): Promise<number> => {
  const { url: endpoint, region, credentials } = aws;
  const sqs = new SQSClient({ endpoint, region, credentials });
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: site.eventQueueUrl,
      AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
    }),
  );
  return Object.values(Attributes).reduce((total, count) => total + Number(count), 0);
};
