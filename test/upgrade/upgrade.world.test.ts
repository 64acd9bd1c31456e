import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SendTaskSuccessCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { Lock, lockKey } from '../../functions/records/lock.ts';
import { MAINTENANCE_PREFIX } from '../../functions/records/maintenance.ts';
import { clusterLock, UpgradeRun, upgradeRunPrefix } from '../../functions/records/upgrade/plan.ts';
import { updateFailure } from '../../infra/local/eks/update-failures.ts';
import { CLUSTER, ENVIRONMENT } from '../../infra/local/world/configuration.ts';
import { deploySite } from '../../infra/local/world/deploy-site.ts';
import { NODE_GROUP } from '../../infra/local/world/local-cluster.ts';
import { waitForEnd } from '../support/world/run-machine.ts';
import { useWorld } from '../support/world/use-world.ts';
import { waitFor } from '../support/world/wait-for.ts';

/** Drydock owns the cluster, which is at 1.35; waits are a fiftieth of what they are on AWS, and nothing bakes. */
const world = useWorld(() => ({}), {
  waitScale: 0.02,
  clusterVersion: '1.35',
  upgrade: { owner: 'drydock', bakeHours: 0, approvalHours: 1 },
});
beforeAll(() => world().eks.setUpdateSeconds(0.2));

/** An update that is under way until the test ends it. Seconds. */
const ENDLESS = 86_400;

const OVERRIDES = [
  { finding: 'report', why: 'a test' },
  { finding: 'backup', why: 'a test' },
];
const REQUEST = { cluster: ENVIRONMENT, by: 'Ada', why: 'a test', dryRun: false, overrides: OVERRIDES };

const Ended = z.looseObject({
  outcome: z.string(),
  reasons: z.array(z.string()),
  plan: z.unknown().optional(),
});

const start = (request: object = {}) =>
  world().executions.start(world().site.machines.upgrade, { ...REQUEST, ...request });
const endOf = async (arn: string) => {
  const { status, output = '{}', error, cause } = await waitForEnd(world(), arn);
  expect({ status, error, cause }).toEqual({ status: 'SUCCEEDED' });
  return Ended.parse(JSON.parse(output));
};
const nameOf = (arn: string): string => arn.split(':').at(-1) ?? '';

/** The token and the hash in the command that the message about this execution carries. */
const readCommand = (arn: string) =>
  waitFor(`somebody is asked to approve ${nameOf(arn)}`, async () => {
    const asked = (await world().notices()).find(
      ({ Message }) => Message.includes(`${nameOf(arn)}-`) && Message.includes('--task-token'),
    );
    const [, taskToken = '', plan = ''] =
      /--task-token '([^']+)' --task-output '\{"plan":"([0-9a-f]+)"/.exec(asked?.Message ?? '') ?? [];
    return asked && { taskToken, plan };
  });
const answer = async (taskToken: string, output: unknown) =>
  world().executions.sfn.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(output) }));
const approve = async (arn: string): Promise<void> => {
  const { taskToken, plan } = await readCommand(arn);
  await answer(taskToken, { plan, by: 'Grace' });
};

const version = (): string | undefined => world().eks.cluster(CLUSTER).description.version;
const isFree = async (): Promise<boolean> =>
  Lock.parse(JSON.parse(await world().ledger.read(lockKey(clusterLock(CLUSTER))))).owner === null;
const runOf = async (arn: string) =>
  (await world().ledger.records(UpgradeRun, upgradeRunPrefix(CLUSTER))).find(
    ({ execution }) => execution.arn === arn,
  );
const marks = () => world().ledger.keys(MAINTENANCE_PREFIX);

describe('without approval nothing is changed', () => {
  it('a start without more is a dry run, and ends with the plan', async () => {
    const { outcome, text } = await endOf(await start({ dryRun: undefined }));
    expect(outcome).toBe('planned');
    expect(JSON.stringify(text)).toContain('control plane from 1.35 to 1.36');
  });

  it.each<[string, (plan: string) => unknown, RegExp]>([
    ['for another plan', () => ({ plan: '0'.repeat(32), by: 'Grace' }), /approved the plan 0000/],
    ['of who started it', (plan) => ({ plan, by: 'Ada' }), /Ada asked for this plan/],
    ['that is forged', () => 'yes', /is no approval/],
  ])('an answer %s ends it as not approved', async (_, forge, reason) => {
    const arn = await start();
    const { taskToken, plan } = await readCommand(arn);
    await answer(taskToken, forge(plan));
    const { outcome, reasons } = await endOf(arn);
    expect([outcome, reasons.join()]).toEqual(['not-approved', expect.stringMatching(reason)]);
    await expect(answer(taskToken, { plan, by: 'Grace' })).rejects.toThrow(/token|task/i);
  });

  it('EKS was asked for nothing', () => {
    expect(world().eks.calls('UpdateClusterVersion')).toEqual([]);
    expect(version()).toBe('1.35');
  });

  it('a slip in the console is told in the output', async () => {
    const { outcome, reasons } = await endOf(await start({ by: undefined }));
    expect([outcome, reasons.join()]).toEqual(['refused', expect.stringMatching(/by/)]);
  });
});

describe('an upgrade', () => {
  it('that is killed in the middle frees the cluster, and the next execution goes on', async () => {
    const { eks, executions } = world();
    eks.scriptUpdate({ cluster: CLUSTER, about: 'cluster', seconds: ENDLESS });
    const first = await start();
    await approve(first);
    await waitFor('the control plane moves', async () => {
      const { status, output, error, cause } = await executions.describe(first);
      expect({ status, output, error, cause }).toMatchObject({ status: 'RUNNING' });
      return eks.calls('UpdateClusterVersion').length > 0;
    });
    expect(await marks()).toHaveLength(1);
    await executions.sfn.send(new StopExecutionCommand({ executionArn: first, cause: 'a test' }));
    await waitFor('the cluster is free', isFree);
    await waitFor('its mark is gone', async () => (await marks()).length === 0);
    expect(await waitFor('its end is written', async () => (await runOf(first))?.outcome)).toBe('abandoned');

    const second = await start();
    await approve(second);
    await waitFor('the second one follows the update of the first', async () =>
      (await runOf(second))?.steps.some(({ update }) => update !== undefined),
    );
    eks.endUpdates(CLUSTER);
    expect(await endOf(second)).toMatchObject({ outcome: 'upgraded' });
    expect(version()).toBe('1.36');
    expect(eks.cluster(CLUSTER).nodeGroups.get(NODE_GROUP)?.version).toBe('1.36');
    expect(eks.calls('UpdateClusterVersion')).toHaveLength(1);
    expect(await runOf(second)).toMatchObject({ approvedBy: 'Grace', outcome: 'upgraded' });
    expect([await isFree(), await marks()]).toEqual([true, []]);
  });

  it('told its end once, and the token is nowhere in the ledger', async () => {
    const ends = await waitFor('it is told', async () => {
      const told = (await world().notices()).map(({ Message }) => Message.split('\n')[0] ?? '');
      return told.some((line) => line.includes('is done')) && told;
    });
    expect(ends.filter((line) => line.includes('is done'))).toHaveLength(1);
    const texts = await Promise.all((await world().ledger.keys('')).map((key) => world().ledger.read(key)));
    expect(texts.filter((text) => text.includes('--task-token'))).toEqual([]);
  });
});

describe('the way back', () => {
  it('leads down by nodes, add-ons and the control plane', async () => {
    const refreshes = world().eks.calls('StartInsightsRefresh').length;
    const arn = await start({ rollback: true });
    await approve(arn);
    expect(await endOf(arn)).toMatchObject({ outcome: 'rolled-back' });
    expect(version()).toBe('1.35');
    expect(world().eks.cluster(CLUSTER).nodeGroups.get(NODE_GROUP)?.version).toBe('1.35');
    // EKS objects to the nodes before they go down, and is asked again before the control plane follows.
    expect((await runOf(arn))?.steps[0]?.message).toMatch(
      /^expected, as later steps cure it: "Kubelet version skew": node group local runs 1.36/,
    );
    expect(world().eks.calls('StartInsightsRefresh')).toHaveLength(refreshes + 2);
  });
});

describe('an update that fails', () => {
  it('stops the upgrade in front of the next step, names why, and says how to go back', async () => {
    const { eks } = world();
    const errors = [updateFailure('PodEvictionFailure', ['node-1'])];
    eks.scriptUpdate({ cluster: CLUSTER, about: `nodegroup/${NODE_GROUP}`, errors });
    const arn = await start();
    await approve(arn);
    const { outcome, reasons } = await endOf(arn);
    expect([outcome, reasons.join()]).toEqual([
      'stopped',
      expect.stringMatching(/PodEvictionFailure: .*node-1/),
    ]);
    const told = await waitFor('it is told', async () =>
      (await world().notices()).find(({ Message }) =>
        Message.includes('has stopped in front of its next step'),
      ),
    );
    expect(told.Message).toMatch(/Back to 1\.35: start upgrade with \{"cluster":"local","rollback":true/);
    expect([await isFree(), await marks()]).toEqual([true, []]);
  });
});

describe('a new deploy of the stack', () => {
  it('in the middle of an update ends nothing: the upgrade goes on with the new functions', async () => {
    const { eks, aws, folder, configurationFile } = world();
    eks.scriptUpdate({ cluster: CLUSTER, about: `nodegroup/${NODE_GROUP}`, seconds: ENDLESS });
    const before = eks.calls('UpdateNodegroupVersion').length;
    const arn = await start();
    await approve(arn);
    await waitFor('the nodes move', async () => eks.calls('UpdateNodegroupVersion').length > before);
    const written = await readFile(configurationFile, 'utf8');
    await writeFile(configurationFile, written.replace('approvalHours: 1', 'approvalHours: 2'));
    await deploySite(aws, configurationFile, { folder: join(folder, 'cdk-again'), report: () => undefined });
    expect(await world().executions.describe(arn)).toMatchObject({ status: 'RUNNING' });
    eks.endUpdates(CLUSTER);
    expect(await endOf(arn)).toMatchObject({ outcome: 'upgraded' });
    expect([await isFree(), await marks()]).toEqual([true, []]);
  });
});
