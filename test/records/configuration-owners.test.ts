import { expect, test } from 'vitest';
import { parseConfiguration } from '../../functions/records/configuration/parse-configuration.ts';
import { formatProblems } from '../../functions/records/configuration/problem.ts';

const explain = (upgrade: string, other = 'shop'): string => {
  const parsed = parseConfiguration(`version: 1
sites: { main: { account: '123456789012', region: eu-central-1 } }
environments:
  staging: { cluster: { name: shop } }
  production: { cluster: { name: ${other} } }
upgrade:
  environments:
${upgrade}`);
  return parsed.ok ? 'valid' : formatProblems(parsed.problems);
};

test.each([
  [
    'of two environments on one cluster that name different owners the second is told',
    '    staging: { owner: drydock }\n    production: { owner: external }\n',
    'shop',
    /^drydock.yaml:9:\d+ upgrade.environments.production.owner: "external" differs from "staging" on the same cluster, which says drydock; a cluster has one owner$/,
  ],
  [
    'a default counts as named',
    '    staging: { owner: drydock }\n    production: { bakeHours: 1 }\n',
    'shop',
    /production.*differs from "staging" on the same cluster, which says drydock/,
  ],
  [
    'an environment without settings says nothing of the owner',
    '    staging: { owner: drydock }\n',
    'shop',
    /^valid$/,
  ],
  [
    'the same owner twice is fine',
    '    staging: { owner: drydock }\n    production: { owner: drydock }\n',
    'shop',
    /^valid$/,
  ],
  [
    'different clusters may have different owners',
    '    staging: { owner: drydock }\n    production: { owner: external }\n',
    'other',
    /^valid$/,
  ],
])('%s', (_, upgrade, cluster, expected) => {
  expect(explain(upgrade, cluster)).toMatch(expected);
});
