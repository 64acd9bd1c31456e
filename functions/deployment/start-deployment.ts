import type * as z from 'zod';
import { type Executions, openExecutions } from '../clients/executions.ts';
import { appendRecord, type Ledger } from '../clients/ledger.ts';
import { connectLedger } from '../clients/ledger-s3.ts';
import { connectNotifier } from '../clients/notifier.ts';
import { type Outbox, openOutbox } from '../clients/outbox.ts';
import { DoorMessage } from '../records/door-message.ts';
import { unreadableWebhookKey, unreadableWebhookKind } from '../records/unreadable-webhook.ts';
import { systemClock } from '../runtime/clock.ts';
import { DefectError, isDrydockError, TransientError } from '../runtime/errors.ts';
import { type Invocation, makeLambda } from '../runtime/lambda.ts';
import { nameDeployment } from './execution-name.ts';
import { composeUnreadable } from './refusal-notice.ts';
import * as contract from './start-deployment.contract.ts';

interface Deps {
  readonly executions: Pick<Executions, 'start'>;
  readonly ledger: Pick<Ledger, 'claim'>;
  readonly outbox: Pick<Outbox, 'tell'>;
  readonly deploymentMachine: string;
}

type Batch = z.output<typeof contract.Input>;

/**
 * Starts one `deployment` execution for each image event of a batch, and writes down what the door could not read.
 * A message that fails comes again by itself, without the rest of its batch.
 */
export const run = async (
  { Records }: Batch,
  deps: Deps,
  { log }: Pick<Invocation, 'log'>,
): Promise<z.input<typeof contract.Output>> => {
  const failures = await Promise.all(
    Records.map(async ({ messageId, body }) => {
      try {
        await takeMessage(body, deps, log);
        return [];
      } catch (error) {
        const code = isDrydockError(error) ? error.code : 'unexpected';
        const level = error instanceof TransientError ? 'warn' : 'error';
        log[level](error instanceof Error ? error.message : String(error), { eventId: messageId, code });
        return [{ itemIdentifier: messageId }];
      }
    }),
  );
  return { batchItemFailures: failures.flat() };
};

export const handler = makeLambda({
  contract,
  deps: ({ LEDGER_BUCKET, TOPIC_ARN, DEPLOYMENT_MACHINE_ARN }) => {
    const ledger = connectLedger(LEDGER_BUCKET);
    const outbox = openOutbox(ledger, connectNotifier(TOPIC_ARN), systemClock);
    return { executions: openExecutions(), ledger, outbox, deploymentMachine: DEPLOYMENT_MACHINE_ARN };
  },
  run,
});

const takeMessage = async (body: string, deps: Deps, log: Invocation['log']): Promise<void> => {
  const message = readMessage(body);
  if (message.kind === 'unreadable') {
    const key = unreadableWebhookKey(message);
    await appendRecord(deps.ledger, unreadableWebhookKind, key, message);
    await deps.outbox.tell(composeUnreadable(message, key));
    log.warn('Kept a webhook that could not be read.', { source: message.source, key });
    return;
  }
  const name = nameDeployment(message);
  const outcome = await deps.executions.start({
    machine: deps.deploymentMachine,
    name,
    input: { event: message },
  });
  const { source, image, tag, id: eventId } = message;
  log.info('Took an image event.', { execution: name, outcome, source, image, tag, eventId });
};

/** Nothing but the door writes to its queue, so that another form is ours to mend; it ends among the dead letters. */
const readMessage = (body: string): DoorMessage => {
  try {
    return DoorMessage.parse(JSON.parse(body));
  } catch (cause) {
    throw new DefectError(
      'message.unreadable',
      'A message of the event queue is not one that the webhook door writes; see the dead letters.',
      { cause },
    );
  }
};
