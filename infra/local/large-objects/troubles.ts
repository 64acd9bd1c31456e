import type { ServerResponse } from 'node:http';
import { S3Refusal } from './answer.ts';
import type { Bucket } from './bucket.ts';
import type { S3Call } from './object-calls.ts';
import type { ArchivePlan } from './virtual-archive.ts';

/** What goes wrong with reads of content, ranged GETs, and with copies; each counted from 1 since it was set. */
export interface ReadTroubles {
  /** Every so manieth is answered with 503 SlowDown. */
  readonly refuseEvery?: number;
  /** Every so manieth copy of a part is answered with 503 SlowDown. */
  readonly refuseCopiesEvery?: number;
  /** The body of every so manieth ends in the middle. */
  readonly cutEvery?: number;
  /** The body of every so manieth comes in pieces, with a pause before each. */
  readonly slowEvery?: number;
  /** Milliseconds of that pause. */
  readonly slowMs?: number;
  /** After so many, another archive lies under the name. */
  readonly overwriteAfter?: { readonly reads: number; readonly plan: ArchivePlan };
}

export interface Troubles {
  set(troubles: ReadTroubles): void;
  /** Counts a request, and does to the bucket what is due. @throws S3Refusal when this one is refused. */
  strike(call: S3Call, bucket: Bucket): void;
  /** Sends the body of the request that was counted last. */
  send(response: ServerResponse, body: Buffer | undefined): void;
}

const PIECES = 8;
const slowDown = (): S3Refusal => new S3Refusal(503, 'SlowDown', 'Please reduce your request rate.');

export const createTroubles = (): Troubles => {
  let troubles: ReadTroubles = {};
  let reads = 0;
  let copies = 0;
  let isRead = false;
  const isDue = (every: number | undefined): boolean => isRead && every !== undefined && reads % every === 0;
  return {
    set: (wanted) => {
      troubles = wanted;
      reads = 0;
      copies = 0;
    },
    strike: ({ method, key, headers, query }, bucket) => {
      if (method === 'PUT' && query.has('partNumber')) {
        copies += 1;
        const every = troubles.refuseCopiesEvery;
        if (every !== undefined && copies % every === 0) throw slowDown();
      }
      isRead = method === 'GET' && headers.range !== undefined;
      if (!isRead) return;
      reads += 1;
      const { refuseEvery, overwriteAfter } = troubles;
      if (overwriteAfter && reads === overwriteAfter.reads + 1) bucket.put(key, overwriteAfter.plan);
      if (isDue(refuseEvery)) throw slowDown();
    },
    send: (response, body) => {
      if (body === undefined) response.end();
      else if (isDue(troubles.cutEvery)) {
        response.write(body.subarray(0, body.length / 2), () => response.destroy());
      } else if (isDue(troubles.slowEvery)) void sendSlowly(response, body, troubles.slowMs ?? 1_000);
      else response.end(body);
    },
  };
};

const sendSlowly = async (response: ServerResponse, body: Buffer, pauseMs: number): Promise<void> => {
  const step = Math.ceil(body.length / PIECES);
  for (let at = 0; at < body.length && !response.destroyed; at += step) {
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    response.write(body.subarray(at, at + step));
  }
  response.end();
};
