import { describe, expect, it } from 'vitest';
import { createLog, LOGGED_KEYS, type LogFields } from '../../functions/runtime/log.ts';
import { captureOutput } from '../support/captured-output.ts';

const CANARY = 'canary-4711-never-logged';
const output = captureOutput();
/** A field as a call from outside the type checker may bring it. */
const stray = (fields: Record<string, string>): LogFields => fields;

describe('the log', () => {
  it.each(['info', 'warn', 'error'] as const)('%s drops every field that is not on the list', (level) => {
    createLog('verify-image')[level](
      'Verified',
      stray({ image: 'host/web', password: CANARY, body: CANARY }),
    );
    expect(output.text()).toContain('"image":"host/web"');
    expect(output.text()).not.toContain(CANARY);
  });

  it('drops it from what stands on every line as well', () => {
    createLog('verify-image', stray({ execution: 'deployment-1', authorization: CANARY })).info('Verified');
    expect(output.text()).toContain('"execution":"deployment-1"');
    expect(output.text()).not.toContain(CANARY);
  });

  it.each(LOGGED_KEYS)('%s is a field that is written', (key) => {
    createLog('verify-image').info('Verified', { [key]: 'value-of-it' });
    expect(JSON.parse(output.text())).toMatchObject({ [key]: 'value-of-it', message: 'Verified' });
  });

  it('one line is one JSON object', () => {
    createLog('verify-image').info('two\nlines');
    expect(output.text().trimEnd().split('\n')).toHaveLength(1);
  });

  it.each(['authorization', 'token', 'password', 'secret', 'body', 'headers', 'payload', 'input', 'event'])(
    '%s is not on the list',
    (key) => {
      expect(LOGGED_KEYS).not.toContain(key);
    },
  );
});
