import { describe, expect, it } from 'vitest';
import { openWebhookSecrets } from '../../functions/clients/webhook-secrets.ts';
import { RefusedError, TransientError } from '../../functions/runtime/errors.ts';
import { createFixedClock } from '../support/fixed-clock.ts';

const CURRENT = 'current-secret-0123456789';
const PREVIOUS = 'previous-secret-0123456789';

/** Secrets Manager with one secret, which a test can change or take away. */
const openSecrets = (value: string) => {
  const clock = createFixedClock();
  const manager = { value, asked: 0, failure: undefined as Error | undefined };
  const secrets = openWebhookSecrets(async () => {
    manager.asked += 1;
    if (manager.failure) throw manager.failure;
    return { SecretString: manager.value };
  }, clock);
  return { secrets, clock, manager };
};

describe('a webhook secret', () => {
  it.each([
    ['a text', CURRENT, [CURRENT]],
    ['a text with a line end', `${CURRENT}\n`, [CURRENT]],
    [
      'two texts while it rotates',
      JSON.stringify({ current: CURRENT, previous: PREVIOUS }),
      [CURRENT, PREVIOUS],
    ],
    ['one text after it rotated', JSON.stringify({ current: CURRENT, previous: '' }), [CURRENT]],
    ['one text before it rotates', JSON.stringify({ current: CURRENT }), [CURRENT]],
    ['a text of digits', '1234567890123456789', ['1234567890123456789']],
  ])('may be %s', async (_title, value, expected) => {
    await expect(openSecrets(value).secrets.read('hook')).resolves.toEqual(expected);
  });

  it.each([
    ['empty', ''],
    ['short', 'hunter2'],
    ['blank', ' '.repeat(40)],
    ['JSON of another form', JSON.stringify({ password: CURRENT })],
    ['JSON with a short text', JSON.stringify({ current: 'hunter2' })],
    ['JSON with a short previous text', JSON.stringify({ current: CURRENT, previous: 'hunter2' })],
  ])('that is %s proves nothing, and its value is not told', async (_title, value) => {
    const error: unknown = await openSecrets(value)
      .secrets.read('drydock/hook')
      .catch((caught: unknown) => caught);
    expect(error).toMatchObject({ name: 'RefusedError', code: 'secret.malformed' });
    expect(String(error)).toContain('drydock/hook');
    expect(String(error)).not.toContain('hunter2');
    expect(String(error)).not.toContain(CURRENT);
  });
});

describe('reading a secret', () => {
  it('asks once a minute', async () => {
    const { secrets, clock, manager } = openSecrets(CURRENT);
    await secrets.read('hook');
    clock.advance(59_999);
    await secrets.read('hook');
    expect(manager.asked).toBe(1);
    clock.advance(1);
    await secrets.read('hook');
    expect(manager.asked).toBe(2);
  });

  it('asks once for requests that meet', async () => {
    const { secrets, manager } = openSecrets(CURRENT);
    await Promise.all([secrets.read('hook'), secrets.read('hook'), secrets.readAgain('hook')]);
    expect(manager.asked).toBe(1);
  });

  it('past the cache gives a new secret at once', async () => {
    const { secrets, manager } = openSecrets(PREVIOUS);
    await secrets.read('hook');
    manager.value = CURRENT;
    await expect(secrets.read('hook')).resolves.toEqual([PREVIOUS]);
    await expect(secrets.readAgain('hook')).resolves.toEqual([CURRENT]);
    await expect(secrets.read('hook')).resolves.toEqual([CURRENT]);
  });

  it('past the cache is done once in five seconds, however often a stranger knocks', async () => {
    const { secrets, clock, manager } = openSecrets(CURRENT);
    for (let knock = 0; knock < 100; knock++) await secrets.readAgain('hook');
    expect(manager.asked).toBe(1);
    await expect(secrets.readAgain('hook')).resolves.toBeUndefined();
    clock.advance(5_000);
    await expect(secrets.readAgain('hook')).resolves.toEqual([CURRENT]);
  });

  it('past the cache counts for each secret by itself', async () => {
    const { secrets } = openSecrets(CURRENT);
    await secrets.readAgain('hook');
    await expect(secrets.readAgain('another')).resolves.toEqual([CURRENT]);
  });

  it('goes on with what is known for a quarter of an hour when Secrets Manager is down', async () => {
    const { secrets, clock, manager } = openSecrets(CURRENT);
    await secrets.read('hook');
    manager.failure = new TransientError('aws.unavailable', 'down');
    clock.advance(14 * 60_000);
    await expect(secrets.read('hook')).resolves.toEqual([CURRENT]);
    clock.advance(60_000);
    await expect(secrets.read('hook')).rejects.toMatchObject({ code: 'aws.unavailable' });
  });

  it('does not go on with a secret that was taken away', async () => {
    const { secrets, clock, manager } = openSecrets(CURRENT);
    await secrets.read('hook');
    manager.failure = new RefusedError('aws.refused', 'ResourceNotFoundException');
    clock.advance(60_000);
    await expect(secrets.read('hook')).rejects.toMatchObject({ code: 'aws.refused' });
  });

  it('tries again after a failure', async () => {
    const { secrets, manager } = openSecrets(CURRENT);
    manager.failure = new TransientError('aws.unavailable', 'down');
    await expect(secrets.read('hook')).rejects.toThrow('down');
    manager.failure = undefined;
    await expect(secrets.read('hook')).resolves.toEqual([CURRENT]);
  });
});
