import { expect, test } from 'vitest';
import { parseConfiguration } from '../../functions/records/configuration/parse-configuration.ts';
import { formatProblems } from '../../functions/records/configuration/problem.ts';

const explain = (namespaces: string): string => {
  const parsed = parseConfiguration(`version: 1
sites: { main: { account: '123456789012', region: eu-central-1 } }
environments: { production: { cluster: { name: blue } } }
upgrade: { environments: { production: { helmNamespaces: ${namespaces} } } }
`);
  return parsed.ok ? 'valid' : formatProblems(parsed.problems);
};
const many = (count: number): string =>
  `[${Array.from({ length: count }, (_, index) => `team-${index}`).join(', ')}]`;

test.each([
  ['300 named namespaces are taken', many(300), /^valid$/],
  ['301 are more than a check can carry from step to step', many(301), /helmNamespaces.*300.*all/s],
  ['a word that is none of them says what is allowed', 'gitlab', /helmNamespaces.*a list .* or "all"/],
  ['all of them are one list', 'all', /^valid$/],
])('%s', (_, namespaces, expected) => {
  expect(explain(namespaces)).toMatch(expected);
});
