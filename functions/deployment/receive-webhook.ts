import type * as z from 'zod';
import { type EventQueue, openEventQueue } from '../clients/event-queue.ts';
import { createSignedFetch } from '../clients/signed-fetch.ts';
import { openWebhookSecrets, type WebhookSecrets } from '../clients/webhook-secrets.ts';
import { type AuthenticationVerdict, authenticateWebhook } from '../rules/webhook-authentication.ts';
import { type Clock, systemClock } from '../runtime/clock.ts';
import { loadConfiguration } from '../runtime/config.ts';
import { RefusedError, TransientError } from '../runtime/errors.ts';
import { type Invocation, makeLambda } from '../runtime/lambda.ts';
import * as contract from './receive-webhook.contract.ts';
import type { EventReading } from './sources/source-kind.ts';
import { sourceKinds } from './sources/source-kinds.ts';
import { type EventOutcome, keepUnreadable, sortEvents } from './webhook-events.ts';
import { readGatewayEvent, type WebhookRequest } from './webhook-request.ts';
import {
  DoorConfiguration,
  listWebhookSources,
  type WebhookSource,
  type WebhookSources,
} from './webhook-sources.ts';

interface Deps {
  readonly sources: WebhookSources;
  readonly secrets: WebhookSecrets;
  readonly queue: EventQueue;
  readonly clock: Clock;
}

type Answer = z.input<typeof contract.Output>;

/**
 * The door: takes what registries and CI jobs post at `/hooks/<source>`, and answers 2xx once every event that
 * matters lies in the queue. Uninteresting and malformed input gets 2xx as well, because senders block on, drop or
 * switch off a hook that answers otherwise. 401 for whom we do not know, 503 when we cannot store.
 */
export const run = async (
  input: z.output<typeof contract.Input>,
  deps: Deps,
  { log, signal }: Pick<Invocation, 'log' | 'signal'>,
): Promise<Answer> => {
  const request = readGatewayEvent(input);
  const source = deps.sources.find(request.source);
  try {
    const known = await authenticate(request, source, deps, signal);
    if (!source || !known.ok) {
      const reason = source && !known.ok ? known.reason : 'unknown source';
      log.warn('Refused a webhook that did not prove itself.', { source: source?.name, reason, status: 401 });
      return answer(401, { message: 'Unauthorized' });
    }
    const receivedAt = deps.clock.now();
    const sorted = sortEvents(readEvents(request, source, receivedAt), deps.sources.isWatched);
    const unreadable =
      sorted.unreadable.length > 0
        ? [keepUnreadable(sorted.unreadable, request, known.secrets, receivedAt)]
        : [];
    const messages = [...sorted.accepted, ...unreadable];
    if (messages.length > 0) await deps.queue.send(messages, signal);
    log.info('Took a webhook.', {
      source: source.name,
      count: messages.length,
      outcome: tally(sorted.outcomes),
    });
    return answer(messages.length > 0 ? 202 : 200, listOutcomes(sorted.outcomes));
  } catch (error) {
    if (!(error instanceof TransientError || error instanceof RefusedError)) throw error;
    // Either way the sender is to try again: a right that is missing is put right within its patience, or not.
    const level = error instanceof RefusedError ? 'error' : 'warn';
    log[level](error.message, { source: source?.name, code: error.code, status: 503 });
    return answer(503, { message: 'Service Unavailable' }, { 'retry-after': '5' });
  }
};

export const handler = makeLambda({
  contract,
  deps: ({ EVENT_QUEUE_URL }): Deps => {
    const call = createSignedFetch();
    return {
      sources: listWebhookSources(loadConfiguration((value) => DoorConfiguration.parse(value))),
      secrets: openWebhookSecrets(call, systemClock),
      queue: openEventQueue(EVENT_QUEUE_URL, call),
      clock: systemClock,
    };
  },
  run,
});

type Known = Exclude<AuthenticationVerdict, { ok: true }> | { ok: true; secrets: readonly string[] };

/** Compared for a source that does not exist, so that its answer takes as long as that of one that does. */
const NO_SECRET = [crypto.randomUUID()];

const authenticate = async (
  request: WebhookRequest,
  source: WebhookSource | undefined,
  deps: Deps,
  signal: AbortSignal,
): Promise<Known> => {
  const judge = (secrets: readonly string[]): Known => {
    const authentication = source?.authentication ?? { type: 'bearer', header: 'authorization' };
    const verdict = authenticateWebhook(authentication, request, secrets, deps.clock.now());
    return verdict.ok ? { ok: true, secrets } : verdict;
  };
  if (!source) return { ...judge(NO_SECRET), ok: false, reason: 'wrong' };
  const verdict = judge(await deps.secrets.read(source.secret, signal));
  if (verdict.ok || verdict.reason !== 'wrong') return verdict;
  const newer = await deps.secrets.readAgain(source.secret, signal);
  return newer ? judge(newer) : verdict;
};

const readEvents = (
  request: WebhookRequest,
  source: WebhookSource,
  receivedAt: Date,
): readonly EventReading[] => {
  if (request.body.byteLength === 0) return [{ state: 'ignored', reason: 'the request has no body' }];
  const parsed = parseBody(request.body);
  if (!parsed.ok) return [{ state: 'unreadable', reason: parsed.reason, body: parsed.text }];
  return sourceKinds[source.kind]({
    source: source.name,
    registryHosts: source.registryHosts,
    headers: request.headers,
    body: parsed.value,
    receivedAt,
  });
};

type ParsedBody = { ok: true; value: unknown } | { ok: false; reason: string; text: string };

const parseBody = (body: Uint8Array): ParsedBody => {
  try {
    return { ok: true, value: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)) };
  } catch (error) {
    const reason = error instanceof SyntaxError ? 'the body is not JSON' : 'the body is not valid UTF-8';
    return { ok: false, reason, text: new TextDecoder().decode(body) };
  }
};

/** Outcomes listed in an answer: Lambda's answers end at 6 MB, and nobody reads further. */
const MAX_LISTED = 1_000;

const listOutcomes = (outcomes: readonly EventOutcome[]) => ({
  outcomes: outcomes.slice(0, MAX_LISTED),
  ...(outcomes.length > MAX_LISTED ? { notListed: outcomes.length - MAX_LISTED } : {}),
});

/** `2 accepted, 1 ignored`: what a query over the log counts. */
const tally = (outcomes: readonly EventOutcome[]): string => {
  const counts = Map.groupBy(outcomes, ({ outcome }) => outcome);
  return [...counts].map(([outcome, events]) => `${events.length} ${outcome}`).join(', ');
};

const answer = (statusCode: number, body: unknown, headers: Record<string, string> = {}): Answer => ({
  statusCode,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});
