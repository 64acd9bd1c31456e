import { readdirSync, readFileSync } from 'node:fs';
import validate from 'asl-validator';
import { expect, test } from 'vitest';

const FOLDER = new URL('../../state-machines/', import.meta.url);
const read = (file: string): Record<string, unknown> =>
  JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8'));

test.each(readdirSync(FOLDER))('%s is a state machine by the published schema of the language', (file) => {
  expect(validate(read(file))).toMatchObject({ isValid: true, errors: [] });
});

test('a state that nobody reaches is found', () => {
  const machine = read('control.asl.json');
  const states = { ...(machine['States'] as object), Nowhere: { Type: 'Succeed' } };
  expect(validate({ ...machine, States: states }).isValid).toBe(false);
});
