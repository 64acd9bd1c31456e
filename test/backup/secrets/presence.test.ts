import { expect, it } from 'vitest';
import { sortSecrets } from '../../../functions/backup/secrets/presence.ts';
import type { SecretContent } from '../../../functions/backup/secrets/secret-need.ts';
import { content, need } from './secret-builders.ts';

const ABSENT: SecretContent = { state: 'absent' };
const UNREADABLE: SecretContent = { state: 'unreadable', why: 'no right to get it' };

it.each([
  ['required and absent', 'required', ABSENT, 'refuse secret-missing'],
  ['used and absent', 'when-used', ABSENT, 'refuse secret-missing'],
  ['optional and absent', 'optional', ABSENT, 'note secret-not-there'],
  ['required and empty', 'required', content({}), 'refuse secret-missing'],
  ['required and unreadable', 'required', UNREADABLE, 'not-checked secret-unreadable'],
  ['optional and unreadable', 'optional', UNREADABLE, 'not-checked secret-unreadable'],
  ['required and never asked for', 'required', undefined, 'not-checked secret-unreadable'],
] as const)('a secret that is %s', (_title, word, found, expected) => {
  const one = need('rails-secret', { need: word });
  const { findings } = sortSecrets([one], new Map(found ? [[one.name, found]] : []));
  expect(findings.map(({ result, code }) => `${result} ${code}`)).toEqual([expected]);
  expect(findings[0]?.message).toContain('gitlab-rails-secret');
  expect(findings[0]?.message).toContain('Something is lost without it.');
});

it('a secret that was read is there, and nothing is said of it', () => {
  const one = need('gitaly-secret');
  const sorted = sortSecrets([one], new Map([[one.name, content({ token: 'QXZQXZQXZ' })]]));
  expect(sorted.findings).toEqual([]);
  expect(sorted.present).toMatchObject([{ need: { id: 'gitaly-secret' } }]);
});

it('a missing secret that the values name says where they name it', () => {
  const one = need('smtp', { need: 'when-used', namedBy: 'global.smtp.password.secret' });
  const { findings } = sortSecrets([one], new Map([[one.name, ABSENT]]));
  expect(findings[0]?.remedy).toContain('global.smtp.password.secret');
});
