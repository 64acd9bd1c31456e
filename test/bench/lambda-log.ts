import { AwsClient } from 'aws4fetch';
import * as z from 'zod';
import type { World } from '../../infra/local/world/start-world.ts';

/** What one Lambda did since a moment, as its log says. */
export interface LambdaWork {
  /** Milliseconds of each call that was reported. */
  readonly calls: readonly number[];
  /** Bytes that we wrote. The platform's own lines count not: at our log level AWS leaves them out. */
  readonly logBytes: number;
}

const Page = z.object({
  events: z.array(z.object({ message: z.string() })),
  nextToken: z.string().optional(),
});

const REPORT = /^REPORT .*\tDuration: (?<ms>[\d.]+) ms/;

/**
 * Reads the log of one Lambda of the site, `deployment/<verb-noun>`. Plain signed requests: one call of CloudWatch Logs
 * is not worth an SDK client.
 */
export const readLambdaWork = async (world: World, entry: string, since: number): Promise<LambdaWork> => {
  const { aws } = world;
  const client = new AwsClient({ ...aws.credentials, region: aws.region, service: 'logs' });
  const messages: string[] = [];
  let nextToken: string | undefined;
  do {
    const response = await client.fetch(aws.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': 'Logs_20140328.FilterLogEvents',
      },
      body: JSON.stringify({ logGroupName: `/drydock/local/${entry}`, startTime: since, nextToken }),
    });
    if (!response.ok) throw new Error(`The log of ${entry} could not be read: ${await response.text()}`);
    const page = Page.parse(await response.json());
    messages.push(...page.events.map(({ message }) => message));
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return {
    calls: messages.flatMap((message) => REPORT.exec(message)?.groups?.['ms'] ?? []).map(Number),
    logBytes: messages
      .filter((message) => message.startsWith('{'))
      .reduce((bytes, message) => bytes + Buffer.byteLength(message), 0),
  };
};
