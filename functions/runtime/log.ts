import { Logger } from '@aws-lambda-powertools/logger';

/**
 * The only keys a log line may carry beside its message. What is not on this list is dropped, so that a
 * payload, a header or a credential that strays into a call never reaches a log group.
 */
export const LOGGED_KEYS = [
  'attempt',
  'capability',
  'cluster',
  'code',
  'container',
  'count',
  'digest',
  'durationMs',
  'environment',
  'etag',
  'eventId',
  'execution',
  'image',
  'key',
  'outcome',
  'reason',
  'repository',
  'rollout',
  'source',
  'state',
  'status',
  'tag',
  'target',
  'workload',
] as const;

type LoggedKey = (typeof LOGGED_KEYS)[number];
export type LogFields = Partial<Record<LoggedKey, string | number | boolean | undefined>>;

/** Structured log of one Lambda: a message for people, allow-listed fields for queries. */
export interface Log {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

const allowed: ReadonlySet<string> = new Set(LOGGED_KEYS);

const keepAllowed = (fields: LogFields | undefined): Record<string, string | number | boolean> => {
  const kept: Record<string, string | number | boolean> = {};
  for (const [key, value] of Object.entries(fields ?? {})) {
    if (allowed.has(key) && value !== undefined) kept[key] = value;
  }
  return kept;
};

/** Makes the log of one function: JSON lines by Powertools, each with `context` on it. */
export const createLog = (serviceName: string, context: LogFields = {}): Log => {
  const logger = new Logger({ serviceName, persistentKeys: keepAllowed(context) });
  return {
    info: (message, fields) => logger.info(message, keepAllowed(fields)),
    warn: (message, fields) => logger.warn(message, keepAllowed(fields)),
    error: (message, fields) => logger.error(message, keepAllowed(fields)),
  };
};
