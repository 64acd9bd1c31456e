import { GetQueueAttributesCommand, SetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { World } from '../../../infra/local/world/start-world.ts';
import { clientSettings } from './aws-views.ts';

/** The queue between the door and the executions, as a person at the console sees it. */
export const viewEventQueue = (world: World) => {
  const sqs = new SQSClient(clientSettings(world));
  const QueueUrl = world.site.eventQueueUrl;
  return {
    /** Has every message been taken for good? */
    isEmpty: async (): Promise<boolean> => {
      const { Attributes = {} } = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
      );
      const { ApproximateNumberOfMessages, ApproximateNumberOfMessagesNotVisible } = Attributes;
      return ApproximateNumberOfMessages === '0' && ApproximateNumberOfMessagesNotVisible === '0';
    },
    /** Lets a message that failed come again after so many seconds, instead of the minutes of the stack. */
    setVisibilityTimeout: async (seconds: number): Promise<void> => {
      const Attributes = { VisibilityTimeout: String(seconds) };
      await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes }));
    },
  };
};
