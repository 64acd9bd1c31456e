import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';

/** Reads the body of a request as JSON; undefined when it is none. */
export const readJson = async (request: IncomingMessage): Promise<unknown> => {
  const body = await text(request);
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
};
