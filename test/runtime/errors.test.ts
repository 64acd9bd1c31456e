import { describe, expect, it } from 'vitest';
import { DefectError, isDrydockError, RefusedError, TransientError } from '../../functions/runtime/errors.ts';

const kinds = [
  ['TransientError', TransientError],
  ['RefusedError', RefusedError],
  ['DefectError', DefectError],
] as const;

describe('the three errors', () => {
  it.each(kinds)('%s reaches Step Functions under this very name', (name, Kind) => {
    const error = new Kind('code.of-it', 'what happened');
    // Lambda's runtime reports `name`, and a bundler may rename a class: the name must not hang on it.
    expect(Object.hasOwn(error, 'name')).toBe(true);
    expect({ name: error.name, text: String(error) }).toEqual({ name, text: `${name}: what happened` });
  });

  it.each(kinds)('%s keeps code and cause', (_, Kind) => {
    const cause = new Error('ECONNREFUSED');
    const error = new Kind('registry.unreachable', 'what happened', { cause });
    expect({ code: error.code, cause: error.cause }).toEqual({ code: 'registry.unreachable', cause });
    expect(error).toBeInstanceOf(Error);
    expect(isDrydockError(error)).toBe(true);
  });

  it('the wait that a peer asked for travels with a TransientError', () => {
    expect(new TransientError('c', 'm', { retryAfterSeconds: 7 }).retryAfterSeconds).toBe(7);
    expect(new TransientError('c', 'm').retryAfterSeconds).toBeUndefined();
  });

  it.each([new Error('x'), Object.assign(new Error('x'), { name: 'DefectError' }), 'DefectError', undefined])(
    '%s is none of them',
    (other) => {
      expect(isDrydockError(other)).toBe(false);
    },
  );
});
