import { createHash } from 'node:crypto';
import type { ImageEvent } from '../records/image-event.ts';
import type { UnreadableWebhook } from '../records/unreadable-webhook.ts';
import { redactJson, redactText } from '../rules/secret-redaction.ts';
import type { EventReading } from './sources/source-kind.ts';
import type { WebhookRequest } from './webhook-request.ts';

/** What became of one event, as the sender reads it in the answer. */
export interface EventOutcome {
  readonly event?: string | undefined;
  readonly outcome: 'accepted' | 'ignored' | 'unreadable';
  readonly reason?: string;
}

export interface SortedEvents {
  readonly outcomes: readonly EventOutcome[];
  readonly accepted: readonly ImageEvent[];
  readonly unreadable: readonly Extract<EventReading, { state: 'unreadable' }>[];
}

/** Sorts the readings of one request: what goes on, what does not and why; one outcome a reading, in their order. */
export const sortEvents = (
  readings: readonly EventReading[],
  isWatched: (image: string) => boolean,
): SortedEvents => {
  const accepted = new Map<string, ImageEvent>();
  const unreadable: SortedEvents['unreadable'][number][] = [];
  const outcomes = readings.map((reading): EventOutcome => {
    const event = reading.id;
    if (reading.state === 'ignored') return { event, outcome: 'ignored', reason: reading.reason };
    if (reading.state === 'unreadable') {
      unreadable.push(reading);
      return { event, outcome: 'unreadable', reason: `${reading.reason} (kept for a person)` };
    }
    if (!isWatched(reading.event.image)) {
      return { event, outcome: 'ignored', reason: 'no target uses this image' };
    }
    if (accepted.has(reading.id)) return { event, outcome: 'ignored', reason: 'repeated in this request' };
    accepted.set(reading.id, reading.event);
    return { event, outcome: 'accepted' };
  });
  return { outcomes, accepted: [...accepted.values()], unreadable };
};

/** Characters kept of what could not be read: SQS takes 256 KiB, and JSON writes one character as 6 bytes at most. */
const MAX_KEPT = 30_000;
/** Redaction reads no more than this: a body of megabytes would take the sender's patience. */
const MAX_READ = 4 * MAX_KEPT;
const MAX_REASONS = 20;

/**
 * Writes down what could not be read, less its secrets and cut to fit into a message.
 *
 * @param secrets the source's own, which are removed wherever they stand.
 */
export const keepUnreadable = (
  unreadable: SortedEvents['unreadable'],
  request: WebhookRequest,
  secrets: readonly string[],
  receivedAt: Date,
): UnreadableWebhook => {
  let text = '';
  let kept = 0;
  for (const { body } of unreadable) {
    if (text.length > MAX_KEPT) break;
    text += `${kept++ > 0 ? '\n' : ''}${formatBody(body, secrets)}`;
  }
  const contentType = request.headers.get('content-type');
  return {
    version: 1,
    kind: 'unreadable',
    id: createHash('sha256').update(`${request.source}\n`).update(request.body).digest('hex').slice(0, 40),
    source: request.source,
    receivedAt: receivedAt.toISOString(),
    reasons: [...new Set(unreadable.map(({ reason }) => reason))].slice(0, MAX_REASONS),
    ...(contentType ? { contentType: redactText(contentType, secrets).slice(0, 200) } : {}),
    bytes: request.body.byteLength,
    body: text.slice(0, MAX_KEPT),
    isCut: text.length > MAX_KEPT || kept < unreadable.length,
  };
};

const formatBody = (body: unknown, secrets: readonly string[]): string => {
  const text = typeof body === 'string' ? body : stringify(body);
  if (text.length > MAX_READ) return `${redactText(text.slice(0, MAX_READ), secrets)}[cut]`;
  return typeof body === 'string' ? redactText(body, secrets) : stringify(redactJson(body, secrets));
};

/** `JSON.stringify` overflows the stack on nesting that `JSON.parse` takes. */
const stringify = (value: unknown): string => {
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    return '[nested too deep]';
  }
};
