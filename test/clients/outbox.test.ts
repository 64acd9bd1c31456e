import { describe, expect, it } from 'vitest';
import { openOutbox } from '../../functions/clients/outbox.ts';
import type { Notice } from '../../functions/records/message.ts';
import { UNSENT_PREFIX, unsentKey } from '../../functions/records/message.ts';
import { TransientError } from '../../functions/runtime/errors.ts';
import { createFixedClock } from '../support/fixed-clock.ts';
import { createMemoryLedger } from '../support/memory-ledger.ts';

const buildNotice = (id: string): Notice => ({
  version: 1,
  id,
  capability: 'deployment',
  target: 'web',
  environment: 'production',
  outcome: 'failed',
  severity: 'critical',
  happened: 'It failed.',
  matters: 'web',
  did: 'Nothing.',
  next: 'Look.',
  execution: { name: 'e', arn: 'arn', url: 'https://example.com' },
  stop: 'pause',
  reasons: [],
  at: '2026-03-01T12:00:00.000Z',
});

const createOutbox = () => {
  const clock = createFixedClock();
  const ledger = createMemoryLedger();
  const published: string[] = [];
  const commands: string[] = [];
  const down = new Set<string>();
  const notifier = {
    publish: async ({ id, command }: Notice) => {
      if (down.has(id)) throw new TransientError('notifier.unavailable', `SNS did not take ${id}`);
      published.push(id);
      commands.push(command ?? '');
    },
  };
  return {
    clock,
    ledger,
    published,
    commands,
    down,
    outbox: openOutbox(ledger, notifier, clock),
    /** The same ledger as a Lambda finds it that is killed after publishing. */
    dying: openOutbox(
      {
        ...ledger,
        claim: async (kind, key, value) => {
          if (key.startsWith('messages/sent/')) throw new Error('killed');
          return ledger.claim(kind, key, value);
        },
      },
      notifier,
      clock,
    ),
    unsent: () => [...ledger.objects.keys()].filter((key) => key.startsWith(UNSENT_PREFIX)),
  };
};

describe('the outbox', () => {
  it('tells a notice once, however often it is asked', async () => {
    const { outbox, published, unsent } = createOutbox();
    await outbox.tell(buildNotice('a'));
    await outbox.tell(buildNotice('a'));
    expect(published).toEqual(['a']);
    expect(unsent()).toEqual([]);
  });

  it('keeps no command of what it told: a task token is only for whoever reads the message', async () => {
    const { outbox, ledger, commands } = createOutbox();
    await outbox.tell({
      ...buildNotice('a'),
      command: 'aws stepfunctions send-task-success --task-token T0KEN',
    });
    expect(commands).toEqual(['aws stepfunctions send-task-success --task-token T0KEN']);
    expect(ledger.objects.size).toBe(1);
    expect([...ledger.objects.values()].join('')).not.toContain('T0KEN');
  });

  it('keeps what could not be told, and the sweep tells it', async () => {
    const { outbox, published, down, unsent, clock } = createOutbox();
    down.add('a');
    await expect(outbox.tell(buildNotice('a'))).rejects.toThrow('SNS did not take a');
    expect(unsent()).toEqual([unsentKey('a')]);
    down.clear();
    clock.advance(60_000);
    expect(await outbox.republish()).toBe(1);
    expect(published).toEqual(['a']);
    expect(unsent()).toEqual([]);
    await outbox.tell(buildNotice('a'));
    expect(published).toEqual(['a']);
  });

  it('leaves a notice to its teller for a minute', async () => {
    const { outbox, published, down, clock } = createOutbox();
    down.add('a');
    await outbox.tell(buildNotice('a')).catch(() => undefined);
    down.clear();
    clock.advance(59_999);
    expect(await outbox.republish()).toBe(0);
    expect(published).toEqual([]);
  });

  it('killed between publishing and noting it, it tells again under the same id', async () => {
    const { outbox, dying, published, clock } = createOutbox();
    await expect(dying.tell(buildNotice('a'))).rejects.toThrow('killed');
    clock.advance(60_000);
    await outbox.republish();
    expect(published).toEqual(['a', 'a']);
  });

  it('one that cannot be sent hides no other, and is not passed over in silence', async () => {
    const { outbox, published, down, unsent, clock } = createOutbox();
    for (const id of ['a', 'b', 'c']) down.add(id);
    for (const id of ['a', 'b', 'c']) await outbox.tell(buildNotice(id)).catch(() => undefined);
    down.delete('b');
    down.delete('c');
    clock.advance(60_000);
    await expect(outbox.republish()).rejects.toThrow('SNS did not take a');
    expect(published).toEqual(['b', 'c']);
    expect(unsent()).toEqual([unsentKey('a')]);
  });
});
