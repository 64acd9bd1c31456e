import * as z from 'zod';

export const Env = z.object({
  /** Queue that carries image events to their executions. */
  EVENT_QUEUE_URL: z.url(),
  AWS_REGION: z.string().min(1),
});

/** Payload 2.0: HTTP API and function URL. API Gateway developer guide, "AWS Lambda proxy integrations". */
const HttpApiEvent = z.object({
  version: z.literal('2.0'),
  rawPath: z.string(),
  pathParameters: z.record(z.string(), z.string()).nullish(),
  headers: z.record(z.string(), z.string()).nullish(),
  body: z.string().nullish(),
  isBase64Encoded: z.boolean().default(false),
});

/** Payload 1.0: REST API. */
const RestApiEvent = z.object({
  path: z.string(),
  pathParameters: z.record(z.string(), z.string()).nullish(),
  headers: z.record(z.string(), z.string()).nullish(),
  multiValueHeaders: z.record(z.string(), z.array(z.string())).nullish(),
  body: z.string().nullish(),
  isBase64Encoded: z.boolean().default(false),
});

export const Input = z.union([HttpApiEvent, RestApiEvent]);

/** The answer that both gateways hand to the sender. */
export const Output = z.object({
  statusCode: z.int().min(200).max(599),
  headers: z.record(z.string(), z.string()),
  body: z.string(),
});
