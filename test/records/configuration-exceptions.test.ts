import { expect, test } from 'vitest';
import { findReferenceProblems } from '../../functions/records/configuration/references.ts';
import { Upgrade } from '../../functions/records/configuration/upgrade.ts';

const live = (cluster: string, site?: string) => ({
  cluster: { name: cluster },
  ...(site === undefined ? {} : { site }),
});

const problemsOf = (
  environments: Parameters<typeof findReferenceProblems>[0]['environments'],
  environment: string | undefined,
) =>
  findReferenceProblems({
    sites: { main: {} },
    environments,
    registries: {},
    sources: {},
    upgrade: Upgrade.parse({
      ignore: [
        { check: 'quotas', reason: 'enough', expires: '2027-01-31' },
        {
          check: 'single-replicas',
          reason: 'a test',
          expires: '2027-01-31',
          ...(environment && { environment }),
        },
      ],
    }),
  });

test('an exception for one of two environments on a cluster is refused, and the text says what to write', () => {
  const shared = { production: live('blue', 'main'), staging: live('blue') };
  expect(problemsOf(shared, 'staging')).toEqual([
    {
      path: ['upgrade', 'ignore', '1', 'environment'],
      message:
        '"staging" shares the cluster "blue" with production, and has one report with them: leave "environment" out, ' +
        'and name the namespace in the subject ("Deployment <namespace>/*")',
    },
  ]);
});

test.each([
  [
    'an environment that has its cluster for itself',
    { production: live('blue'), staging: live('green') },
    'staging',
  ],
  [
    'an environment whose cluster has a namesake at another site',
    { production: live('blue', 'main'), staging: live('blue', 'main-2') },
    'staging',
  ],
  ['everybody', { production: live('blue'), staging: live('blue') }, undefined],
])('an exception for %s is not', (_, environments, environment) => {
  const problems = problemsOf(environments, environment);
  expect(problems.filter(({ path }) => path.includes('ignore'))).toEqual([]);
});
