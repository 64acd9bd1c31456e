import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { listenOnLoopback, stopServing } from '../loopback.ts';
import { type S3Answer, S3Refusal, writeRefusal } from './answer.ts';
import { type Bucket, createBucket, type StoredVersion } from './bucket.ts';
import { createCopies } from './copies.ts';
import { answerCall, type S3Call } from './object-calls.ts';
import { createTroubles, type ReadTroubles } from './troubles.ts';
import type { ArchivePlan } from './virtual-archive.ts';

/**
 * S3 for objects that no disk here holds: an archive as GitLab's toolbox writes it, of any size, whose bytes are
 * computed when they are read. Speaks HeadObject, GetObject with Range, If-Match and versionId, GetObjectAttributes
 * and ListObjectsV2, and copies within it, whole and in parts; with path-style names on loopback.
 *
 * Of S3 it leaves out: signatures and rights (whoever asks may read), writing by HTTP but copies, encryption, storage
 * classes that have to be restored, folders in a listing, and checksums but those it was told to tell; of a copy it
 * tells that of its source when every byte was copied from there, and another one when not. Its buckets exist once they are named. Of GitLab's archives it leaves out
 * the folders between `repositories/` and a repository, and what is in them: the dump and the buckets are true gzip,
 * of a few rows over and over and of one object each; bundles begin as they should, and are noise.
 */
export interface LargeObjects {
  readonly url: string;
  put(
    bucket: string,
    key: string,
    plan: ArchivePlan,
    headers?: Readonly<Record<string, string>>,
  ): StoredVersion;
  delete(bucket: string, key: string): void;
  /** What goes wrong with the reads from now on; nothing when empty. */
  trouble(troubles: ReadTroubles): void;
  /** Requests by method and what they asked for, and bytes of content that were sent, since the last reset. */
  readonly traffic: Traffic;
  resetTraffic(): void;
  stop(): Promise<void>;
}

export interface Traffic {
  readonly requests: number;
  readonly bytes: number;
}

export interface StartLargeObjects {
  /** Milliseconds before each answer. */
  readonly latencyMs?: number;
  readonly port?: number;
  /** Buckets that keep no versions; the others do. */
  readonly plainBuckets?: readonly string[];
}

/** Starts it, empty. */
export const startLargeObjects = async ({
  latencyMs = 0,
  port = 0,
  plainBuckets = [],
}: StartLargeObjects = {}): Promise<LargeObjects> => {
  const buckets = new Map<string, Bucket>();
  const useBucket = (name: string): Bucket => {
    const bucket = buckets.get(name) ?? createBucket(!plainBuckets.includes(name));
    buckets.set(name, bucket);
    return bucket;
  };
  const troubles = createTroubles();
  let traffic = { requests: 0, bytes: 0 };

  const copies = createCopies(useBucket);
  const serve = (request: IncomingMessage, response: ServerResponse, body: string): void => {
    const call = readCall(request, body);
    const answer = answerSafely(
      () => copies.answer(call) ?? answerCall(call, useBucket(call.bucket)),
      () => troubles.strike(call, useBucket(call.bucket)),
    );
    const length = call.method === 'HEAD' ? 0 : (answer.body?.length ?? 0);
    traffic = { requests: traffic.requests + 1, bytes: traffic.bytes + length };
    response.writeHead(answer.status, { 'content-length': String(length), ...answer.headers });
    troubles.send(response, call.method === 'HEAD' ? undefined : answer.body);
  };
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    const timer = setTimeout(() => {
      if (request.complete) serve(request, response, body);
      else request.once('end', () => serve(request, response, body));
    }, latencyMs);
    response.once('close', () => clearTimeout(timer));
  });
  const url = `http://127.0.0.1:${await listenOnLoopback(server, port)}`;
  return {
    url,
    put: (bucket, key, plan, headers) => useBucket(bucket).put(key, plan, headers),
    delete: (bucket, key) => useBucket(bucket).delete(key),
    trouble: (wanted) => troubles.set(wanted),
    get traffic() {
      return traffic;
    },
    resetTraffic: () => {
      traffic = { requests: 0, bytes: 0 };
    },
    stop: () => stopServing(server),
  };
};

const readCall = ({ method = '', url = '', headers }: IncomingMessage, body: string): S3Call => {
  const { pathname, searchParams } = new URL(url, 'http://s3');
  const [, bucket = '', ...path] = pathname.split('/');
  return { method, bucket, key: decodeURIComponent(path.join('/')), query: searchParams, headers, body };
};

const answerSafely = (answer: () => S3Answer, strike: () => void): S3Answer => {
  try {
    strike();
    return answer();
  } catch (error) {
    if (error instanceof S3Refusal) return writeRefusal(error);
    throw error;
  }
};
