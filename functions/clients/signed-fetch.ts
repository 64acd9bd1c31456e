import { AwsClient } from 'aws4fetch';
import * as z from 'zod';
import { DefectError, RefusedError, TransientError } from '../runtime/errors.ts';

/** The AWS services that the webhook door calls, where an SDK client would cost more start than all else. */
const SERVICES = {
  sqs: { name: 'SQS', target: 'AmazonSQS', json: '1.0', endpointVariable: 'AWS_ENDPOINT_URL_SQS' },
  secretsmanager: {
    name: 'Secrets Manager',
    target: 'secretsmanager',
    json: '1.1',
    endpointVariable: 'AWS_ENDPOINT_URL_SECRETS_MANAGER',
  },
} as const;

export interface AwsCall {
  readonly service: keyof typeof SERVICES;
  /** As in the service's API reference, such as `SendMessageBatch`. */
  readonly action: string;
  readonly input: unknown;
  readonly signal?: AbortSignal | undefined;
}

/** Calls AWS in its JSON protocol and gives the parsed answer. */
export type SignedFetch = (call: AwsCall) => Promise<unknown>;

/** Tries again twice, 50 and 100 ms apart at most: a sender waits for us, and tries again itself. */
const RETRIES = 2;
const FIRST_PAUSE_MS = 50;
/** Milliseconds that one call may take with its retries; senders give up after 500 to 1,000. */
const CALL_TIMEOUT_MS = 2_000;

/**
 * Makes signed calls with the credentials of the environment, to the endpoint that the SDK would choose:
 * `AWS_ENDPOINT_URL_<SERVICE>`, then `AWS_ENDPOINT_URL`, then the region's.
 * Source: AWS SDKs and tools reference guide, "Service-specific endpoints".
 *
 * @throws TransientError `aws.unavailable` when the service is down, slow or busy.
 * @throws RefusedError `aws.refused` when it refuses us; what to do is in the message.
 */
export const createSignedFetch = (env: NodeJS.ProcessEnv = process.env): SignedFetch => {
  const region = required(env, 'AWS_REGION');
  const client = new AwsClient({
    accessKeyId: required(env, 'AWS_ACCESS_KEY_ID'),
    secretAccessKey: required(env, 'AWS_SECRET_ACCESS_KEY'),
    ...(env['AWS_SESSION_TOKEN'] ? { sessionToken: env['AWS_SESSION_TOKEN'] } : {}),
    region,
    retries: RETRIES,
    initRetryMs: FIRST_PAUSE_MS,
  });

  return async ({ service, action, input, signal }) => {
    const { name, target, json, endpointVariable } = SERVICES[service];
    const endpoint = env[endpointVariable] ?? env['AWS_ENDPOINT_URL'] ?? regionalEndpoint(service, region);
    const timeout = AbortSignal.timeout(CALL_TIMEOUT_MS);
    const request = {
      method: 'POST',
      headers: { 'content-type': `application/x-amz-json-${json}`, 'x-amz-target': `${target}.${action}` },
      body: JSON.stringify(input),
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      aws: { service },
    };
    try {
      const response = await fetchTwice(() => client.fetch(endpoint, request), request.signal);
      const answer = parseJson(await response.text());
      if (response.ok) return answer;
      throw toOurError(name, action, response.status, answer);
    } catch (error) {
      if (error instanceof RefusedError || error instanceof TransientError) throw error;
      throw new TransientError('aws.unavailable', `${name} did not answer ${action}.`, { cause: error });
    }
  };
};

/** A connection that the other end closed while the sandbox slept fails at its first use; the second is new. */
const fetchTwice = async (send: () => Promise<Response>, signal: AbortSignal): Promise<Response> => {
  try {
    return await send();
  } catch (error) {
    if (signal.aborted) throw error;
    return send();
  }
};

/** The partitions of AWS whose names end otherwise; the rest is under amazonaws.com. */
const regionalEndpoint = (service: string, region: string): string =>
  `https://${service}.${region}.${region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com'}/`;

const required = (env: NodeJS.ProcessEnv, name: string): string => {
  const value = env[name];
  if (value) return value;
  throw new DefectError(
    'environment.invalid',
    `${name} is not set; Lambda sets it, so does \`aws configure\`.`,
  );
};

const AwsFailure = z.object({
  /** `com.amazonaws.sqs#QueueDoesNotExist` or `QueueDoesNotExist`. */
  __type: z.string().default(''),
  message: z.string().optional(),
  Message: z.string().optional(),
});

/** What passes by itself although its status is 400: too many calls, credentials about to be renewed, KMS busy. */
const PASSING =
  /Throttl|TooManyRequests|RequestLimitExceeded|SlowDown|ExpiredToken|InternalService|KmsThrottled/;

const toOurError = (service: string, action: string, status: number, answer: unknown): Error => {
  const failure = AwsFailure.safeParse(answer).data;
  const type = failure?.__type.split('#').at(-1) || `status ${status}`;
  if (status >= 500 || status === 429 || PASSING.test(type)) {
    return new TransientError('aws.unavailable', `${service} answered ${action} with ${type}.`);
  }
  const said = failure?.message ?? failure?.Message ?? 'no message';
  return new RefusedError('aws.refused', `${service} refused ${action} (${type}): ${said}`);
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
