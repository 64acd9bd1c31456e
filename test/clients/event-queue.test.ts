import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { openEventQueue } from '../../functions/clients/event-queue.ts';
import type { AwsCall } from '../../functions/clients/signed-fetch.ts';
import type { DoorMessage } from '../../functions/records/door-message.ts';

const Batch = z.object({
  QueueUrl: z.string(),
  Entries: z.array(z.object({ Id: z.string(), MessageBody: z.string() })),
});
type Batch = z.output<typeof Batch>;

const messageOf = (id: string, reason = 'the body is not JSON', body = ''): DoorMessage => ({
  version: 1,
  kind: 'unreadable',
  id,
  source: 'registry',
  receivedAt: '2026-11-21T08:00:00.000Z',
  reasons: [reason],
  bytes: 0,
  body,
  isCut: false,
});

/** SQS as far as a batch goes: `answer` says which entries it does not store. */
const openQueue = (fails: (batch: Batch, call: number) => readonly string[] = () => []) => {
  const batches: Batch[] = [];
  const stored: string[] = [];
  const queue = openEventQueue(
    'https://sqs.eu-central-1.amazonaws.com/111122223333/events',
    async (call: AwsCall) => {
      const batch = Batch.parse(call.input);
      const failed = fails(batch, batches.length);
      batches.push(batch);
      const kept = batch.Entries.filter(({ Id }) => !failed.includes(Id));
      stored.push(...kept.map(({ MessageBody }) => MessageBody));
      return {
        Successful: kept.map(({ Id }) => ({ Id })),
        Failed: failed.map((Id) => ({ Id, SenderFault: false })),
      };
    },
  );
  return { queue, batches, stored };
};

describe('sending to the queue', () => {
  it.each([
    [0, []],
    [1, [1]],
    [10, [10]],
    [25, [10, 10, 5]],
  ])('%i messages makes batches of %j', async (count, sizes) => {
    const { queue, batches, stored } = openQueue();
    await queue.send(Array.from({ length: count }, (_, index) => messageOf(`id-${index}`)));
    expect(batches.map(({ Entries }) => Entries.length)).toEqual(sizes);
    expect(stored).toHaveLength(count);
  });

  it('keeps a batch within the 256 KiB that SQS takes', async () => {
    const { queue, batches } = openQueue();
    await queue.send(['a', 'b', 'c'].map((id) => messageOf(id, 'large', 'x'.repeat(100_000))));
    expect(batches.map(({ Entries }) => Entries.length)).toEqual([2, 1]);
  });

  it('sends again what was not stored, and only that', async () => {
    const { queue, batches, stored } = openQueue((_batch, call) => (call === 0 ? ['1'] : []));
    await queue.send(['a', 'b', 'c'].map((id) => messageOf(id)));
    expect(batches.map(({ Entries }) => Entries.length)).toEqual([3, 1]);
    expect(new Set(stored.map((body) => JSON.parse(body).id))).toEqual(new Set(['a', 'b', 'c']));
  });

  it('throws when a part is still not stored', async () => {
    const { queue } = openQueue((batch) => batch.Entries.slice(0, 1).map(({ Id }) => Id));
    await expect(queue.send([messageOf('a'), messageOf('b')])).rejects.toMatchObject({
      name: 'TransientError',
      code: 'queue.unavailable',
    });
  });

  it('throws when the answer does not say that a message was stored', async () => {
    const queue = openEventQueue('https://sqs.example/q', async () => ({}));
    await expect(queue.send([messageOf('a')])).rejects.toMatchObject({ name: 'TransientError' });
  });

  it('throws on an answer that is none', async () => {
    const queue = openEventQueue('https://sqs.example/q', async () => undefined);
    await expect(queue.send([messageOf('a')])).rejects.toMatchObject({ name: 'TransientError' });
  });

  it('writes in the characters that SQS takes, and they read back as they were', async () => {
    const { queue, stored } = openQueue();
    const strange = '\u0000\u0008\ud800 \ufffe\uffff';
    await queue.send([messageOf('a', strange)]);
    // The set of the SQS API reference, SendMessage, less tab and line ends, which JSON escapes.
    expect(stored[0]).toMatch(/^[\u0020-\ud7ff\ue000-\ufffd]*$/);
    expect(JSON.parse(stored[0] ?? '').reasons).toEqual([strange]);
  });
});
