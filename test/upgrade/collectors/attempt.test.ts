import { describe, expect, it } from 'vitest';
import { DefectError, RefusedError, TransientError } from '../../../functions/runtime/errors.ts';
import { attempt, attemptTopic, unreadTopic } from '../../../functions/upgrade/collectors/attempt.ts';

const failWith = (error: unknown) => async () => {
  throw error;
};

describe('a read on condition', () => {
  it('gives what was read', async () => {
    expect(await attempt('nodes', undefined, async () => 3)).toEqual({ ok: true, value: 3 });
    expect(await attemptTopic('nodes', undefined, async () => ['a'])).toEqual({ items: ['a'], unread: [] });
  });

  it('says why nothing was read, with the right that is missing', async () => {
    const error = new RefusedError('eks.forbidden', 'No right to eks:ListInsights.', {
      permission: 'eks:ListInsights',
    });
    expect(await attemptTopic('insights', undefined, failWith(error))).toEqual({
      items: [],
      unread: [{ what: 'insights', reason: 'No right to eks:ListInsights.', permission: 'eks:ListInsights' }],
    });
  });

  it.each([
    new RefusedError('eks.missing', 'It is gone.'),
    new TransientError('eks.unreachable', 'It does not answer.'),
  ])('names no right when none is missing: $message', async (error) => {
    expect(await attempt('insights', undefined, failWith(error))).toEqual({
      ok: false,
      unread: { what: 'insights', reason: error.message },
    });
  });

  it.each([new DefectError('a.bug', 'That cannot be.'), new TypeError('x is not a function')])(
    'leaves a bug an error: $message',
    async (bug) => {
      await expect(attempt('insights', undefined, failWith(bug))).rejects.toBe(bug);
    },
  );

  it('does not take the end of our own time for an answer', async () => {
    const error = new TransientError('eks.unreachable', 'It does not answer.');
    await expect(attempt('insights', AbortSignal.abort(), failWith(error))).rejects.toBe(error);
  });

  it('says of a source that is not there that it could not be asked', () => {
    expect(unreadTopic('insights', 'no credentials')).toEqual({
      items: [],
      unread: [{ what: 'insights', reason: 'no credentials' }],
    });
  });
});
