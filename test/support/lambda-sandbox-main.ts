/** Runs in a process of its own, as Lambda's runtime does: loads the bundle once, then calls its handler per message. */
import { pathToFileURL } from 'node:url';

type Handler = (event: unknown, context: object) => Promise<unknown>;

const startedAt = performance.now();
const [, , bundle = ''] = process.argv;
const { handler } = (await import(pathToFileURL(bundle).href)) as { handler: Handler };
const initMs = performance.now() - startedAt;

/** Milliseconds; the time limit of the door. */
const TIME_LIMIT_MS = 10_000;

process.on('message', (message: { id: number; event: unknown }) => {
  const deadline = Date.now() + TIME_LIMIT_MS;
  handler(message.event, { getRemainingTimeInMillis: () => deadline - Date.now() }).then(
    (result) => process.send?.({ id: message.id, result }),
    (error: Error) => process.send?.({ id: message.id, error: { name: error.name, message: error.message } }),
  );
});
process.send?.({ id: 0, result: initMs });
