import { describe, expect, test } from 'vitest';
import { Configuration } from '../../functions/records/configuration.ts';
import { MAX_UPGRADE_POLLS } from '../../functions/records/upgrade/limits.ts';
import { judgePlanGate } from '../../functions/upgrade/gates/plan-gate.ts';
import { MAX_HISTORY_EVENTS, worstCaseHistory } from '../../infra/constructs/asl-history.ts';
import { managedCluster, planSubject } from '../support/plan-facts.ts';
import { readDocument, readTable } from '../support/read-document.ts';
import { buildPlan } from '../support/upgrade-run.ts';
import { readMachine } from '../support/walk-machine.ts';
import { rightsOf, synthesise } from './support/stacks.ts';

const ARN = 'arn:aws:eks:eu-central-1:111122223333';
/** Hours: the most that drydock.yaml takes. */
const LONGEST_BAKE = 120;

const stackOf = (environments: object) =>
  synthesise(
    Configuration.parse({
      version: 1,
      sites: { main: { account: '111122223333', region: 'eu-central-1' } },
      environments: { production: { cluster: { name: 'blue' } }, staging: { cluster: { name: 'green' } } },
      upgrade: { environments },
    }),
  ).template;

const updates = (template: ReturnType<typeof stackOf>) =>
  Object.keys(template.findResources('AWS::IAM::Role')).flatMap((role) =>
    rightsOf(template, role)
      .filter((right) => right.startsWith('eks:Update'))
      .map((right) => `${role.replace(/[0-9A-F]{8}$/, '')}: ${right}`),
  );

/** One that is named and one that is not: both belong to somebody else. */
const external = stackOf({ production: { bakeHours: LONGEST_BAKE } });
const own = stackOf({ production: { owner: 'external' }, staging: { owner: 'drydock' } });

describe('the right to update EKS', () => {
  test("is nobody's where every cluster belongs to somebody else", () => {
    expect(updates(external)).toEqual([]);
  });

  test('is that of one function, on the clusters of Drydock and no others', () => {
    expect(updates(own).toSorted()).toEqual([
      `UpgradeRunAdvanceRole: eks:UpdateAddon on ${ARN}:addon/green/*`,
      `UpgradeRunAdvanceRole: eks:UpdateClusterVersion on ${ARN}:cluster/green`,
      `UpgradeRunAdvanceRole: eks:UpdateNodegroupVersion on ${ARN}:nodegroup/green/*`,
    ]);
  });
});

test('to have EKS judge anew is the right of those that ask for it: the daily check, and the first step of a run', () => {
  const roles = Object.keys(own.findResources('AWS::IAM::Role')).filter((role) =>
    rightsOf(own, role).some((right) => right.startsWith('eks:StartInsightsRefresh')),
  );
  expect(roles.map((role) => role.replace(/[0-9A-F]{8}$/, '')).toSorted()).toEqual([
    'UpgradeReadRole',
    'UpgradeRunAdvanceRole',
  ]);
});

describe('the machine', () => {
  test('ends within its history, however long a bake and a hand-over take', () => {
    const events = worstCaseHistory(readMachine('upgrade'), { AdvanceUpgrade: MAX_UPGRADE_POLLS });
    expect(events).toBeLessThan(MAX_HISTORY_EVENTS);
  });

  test.each<[string, number]>([
    ['the longest bake, looked at every five minutes', (LONGEST_BAKE * 60) / 5],
    ['the longest hand-over, at first every five minutes and then every fifteen', 12 * 12 + (336 - 12) * 4],
  ])('has looks enough for %s', (_, looks) => {
    expect(looks).toBeLessThan(MAX_UPGRADE_POLLS);
  });

  test('takes the longest bake that drydock.yaml takes, and drydock.yaml no longer one', () => {
    const plan = buildPlan(planSubject(managedCluster(), { bakeHours: LONGEST_BAKE }));
    expect(judgePlanGate(plan, plan.from)).toMatchObject({ passed: true });
    expect(() => stackOf({ production: { bakeHours: LONGEST_BAKE + 1 } })).toThrow(/bakeHours/);
  });

  test('tells where it and its roles are', () => {
    expect(Object.keys(own.findOutputs('*'))).toEqual(
      expect.arrayContaining(['UpgradeMachineArn', 'UpgradePlanRoleArn', 'UpgradeAdvanceRoleArn']),
    );
  });
});

/** Actions on what an upgrade is about; those on ledger, logs and its key are the same for every Lambda. */
const isAbout = (action: string): boolean =>
  /^(eks|ec2|servicequotas|iam):/.test(action) || action === 'kms:DescribeKey';

test('the document names the rights at AWS that the roles which look at clusters have, and no others', () => {
  const told = readTable(readDocument('functions/upgrade/README.md'), 'Action').flatMap(([actions = '']) =>
    actions.split(', '),
  );
  const given = ['UpgradeReadRole', 'UpgradeRunPlanRole', 'UpgradeRunAdvanceRole']
    .flatMap((role) => rightsOf(own, role).map((right) => right.split(' on ')[0] ?? ''))
    .filter(isAbout);
  expect(told.toSorted()).toEqual([...new Set(given)].toSorted());
});
