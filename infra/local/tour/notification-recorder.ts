import { createServer, type IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import * as z from 'zod';
import { listenOnLoopback, stopServing } from '../loopback.ts';

/** What the registry said of a push, byte for byte, beside what the tour reads in it. */
export interface Notification {
  readonly body: Buffer;
  readonly contentType: string;
  /** The registry's own time of the push. */
  readonly pushedAt: string;
  readonly tag: string;
}

/** A second listener of the registry beside the webhook: hears what the webhook hears and keeps it. */
export interface NotificationRecorder {
  readonly url: string;
  find(tag: string): Notification | undefined;
  stop(): Promise<void>;
}

const Envelope = z.object({
  events: z.array(
    z.object({
      timestamp: z.string(),
      action: z.string(),
      target: z.object({ tag: z.string().optional() }),
    }),
  ),
});

/** Starts it on a free loopback port. */
export const startNotificationRecorder = async (): Promise<NotificationRecorder> => {
  const heard: Notification[] = [];
  const server = createServer((request, response) => {
    void hear(request).finally(() => response.writeHead(204).end());
  });
  const hear = async (request: IncomingMessage): Promise<void> => {
    const body = await buffer(request);
    const contentType = request.headers['content-type'] ?? '';
    for (const { timestamp, action, target } of Envelope.parse(JSON.parse(body.toString())).events) {
      if (action !== 'push' || target.tag === undefined) continue;
      heard.push({ body, contentType, pushedAt: timestamp, tag: target.tag });
    }
  };
  const port = await listenOnLoopback(server);
  return {
    url: `http://127.0.0.1:${port}`,
    find: (tag) => heard.find((one) => one.tag === tag),
    stop: () => stopServing(server),
  };
};
