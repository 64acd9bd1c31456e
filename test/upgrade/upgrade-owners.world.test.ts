import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  EKSClient,
  UpdateAddonCommand,
  UpdateClusterVersionCommand,
  UpdateNodegroupVersionCommand,
} from '@aws-sdk/client-eks';
import { SendTaskSuccessCommand } from '@aws-sdk/client-sfn';
import { beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { Lock, lockKey } from '../../functions/records/lock.ts';
import { MAINTENANCE_PREFIX } from '../../functions/records/maintenance.ts';
import {
  clusterLock,
  type PlanStep,
  UpgradeRun,
  upgradeRunPrefix,
} from '../../functions/records/upgrade/plan.ts';
import { updateFailure } from '../../infra/local/eks/update-failures.ts';
import { CLUSTER, ENVIRONMENT, GITLAB_PROJECT } from '../../infra/local/world/configuration.ts';
import { deploySite } from '../../infra/local/world/deploy-site.ts';
import { NODE_GROUP } from '../../infra/local/world/local-cluster.ts';
import { clientSettings } from '../support/world/aws-views.ts';
import { waitForEnd } from '../support/world/run-machine.ts';
import { useWorld } from '../support/world/use-world.ts';
import { waitFor } from '../support/world/wait-for.ts';

/** Somebody else owns the cluster, as long as nobody says otherwise; five minutes in front of a bake are 1.5 s here. */
const world = useWorld(() => ({}), {
  waitScale: 0.005,
  clusterVersion: '1.34',
  upgrade: { bakeHours: 0, approvalHours: 1 },
});
beforeAll(() => world().eks.setUpdateSeconds(0.2));

/** An update that is under way until the test ends it. Seconds. */
const ENDLESS = 86_400;

/** Many looks, or what is left of a bake. Milliseconds. */
const LONG_MS = 110_000;
const HOUR_MS = 3_600_000;
const OVERRIDES = ['report', 'backup'].map((finding) => ({ finding, why: 'a test' }));
const REQUEST = { cluster: ENVIRONMENT, by: 'Ada', why: 'a test', dryRun: false, overrides: OVERRIDES };
const Ended = z.looseObject({ outcome: z.string(), reasons: z.array(z.string()) });

const start = () => world().executions.start(world().site.machines.upgrade, REQUEST);
const endOf = async (arn: string) => {
  const { status, output = '{}', error, cause } = await waitForEnd(world(), arn);
  expect({ status, error, cause }).toEqual({ status: 'SUCCEEDED' });
  return Ended.parse(JSON.parse(output));
};
const runOf = async (arn: string) =>
  (await world().ledger.records(UpgradeRun, upgradeRunPrefix(CLUSTER))).find(
    ({ execution }) => execution.arn === arn,
  );
const approve = async (arn: string): Promise<void> => {
  const name = arn.split(':').at(-1) ?? '';
  const command = await waitFor(`somebody is asked to approve ${name}`, async () => {
    const told = (await world().notices()).find(
      ({ Message }) => Message.includes(`${name}-`) && Message.includes('--task-token'),
    );
    return (
      /--task-token '([^']+)' --task-output '\{"plan":"([0-9a-f]+)"/.exec(told?.Message ?? '') ?? undefined
    );
  });
  const output = JSON.stringify({ plan: command[2], by: 'Grace' });
  await world().executions.sfn.send(new SendTaskSuccessCommand({ taskToken: command[1], output }));
};
/** Waits for the step of this kind at which a run is. */
const awaitStep = (arn: string, kind: PlanStep['kind']) =>
  waitFor(`${kind} is at work`, async () => {
    const { status, output, cause } = await world().executions.describe(arn);
    expect({ status, output, cause }).toMatchObject({ status: 'RUNNING' });
    return (await atWork(arn))?.kind === kind;
  });
const atWork = async (arn: string): Promise<PlanStep | undefined> => {
  const run = await runOf(arn);
  const id = run?.steps.find(({ state }) => state === 'running')?.id;
  return run?.plan.steps.find((step) => step.id === id);
};

/** What the owner of the definition asks EKS for, as Terraform does: under no name that Drydock knows. */
const askEks = async (step: PlanStep): Promise<boolean> => {
  const eks = new EKSClient({ ...clientSettings(world()), endpoint: world().eks.url });
  const name = CLUSTER;
  if (step.kind === 'control-plane') {
    await eks.send(new UpdateClusterVersionCommand({ name, version: step.to }));
  } else if (step.kind === 'addon') {
    const { addon: addonName, to: addonVersion } = step;
    await eks.send(new UpdateAddonCommand({ clusterName: name, addonName, addonVersion }));
  } else if (step.kind === 'node-group') {
    const { nodeGroup: nodegroupName, to: version } = step;
    await eks.send(new UpdateNodegroupVersionCommand({ clusterName: name, nodegroupName, version }));
  } else return false;
  return true;
};
const moveGroup = () =>
  askEks({
    kind: 'node-group',
    id: '',
    title: '',
    minor: '1.36',
    minutes: 1,
    nodeGroup: NODE_GROUP,
    from: '1.35',
    to: '1.36',
  });
const countUpdates = (): number =>
  world()
    .eks.calls()
    .filter(({ operation }) => operation.startsWith('Update')).length;
const expectFree = async (): Promise<void> => {
  const lock = Lock.parse(JSON.parse(await world().ledger.read(lockKey(clusterLock(CLUSTER)))));
  expect([lock.owner, await world().ledger.keys(MAINTENANCE_PREFIX)]).toEqual([null, []]);
};

/**
 * Has EKS say that the control plane began its last move at another time, from which a bake counts: by an update of
 * another id, since one that has ended is not asked for again.
 */
const moveArrival = (createdAt: Date): void => {
  const { updates } = world().eks.cluster(CLUSTER);
  const moved = updates.findLastIndex(({ nodegroupName, addonName }) => !nodegroupName && !addonName);
  const update = updates[moved];
  if (update) updates.splice(moved, 1, { ...update, id: randomUUID(), createdAt });
};

const deployAgain = async (folder: string, edit: (written: string) => string): Promise<void> => {
  const { aws, configurationFile, folder: parent } = world();
  await writeFile(configurationFile, edit(await readFile(configurationFile, 'utf8')));
  await deploySite(aws, configurationFile, { folder: join(parent, folder), report: () => undefined });
};

describe('a cluster of somebody else', () => {
  it('is handed over with a merge request, and watched to its end; Drydock asks EKS for no update', async () => {
    const arn = await start();
    const project = world().gitlab.project(GITLAB_PROJECT.path);
    const request = await waitFor('a merge request is there', async () => project.mergeRequests[0]);
    expect(request).toMatchObject({ state: 'opened', title: expect.stringContaining('1.35') });
    const offered = project.branches.get(request.sourceBranch)?.files.get(GITLAB_PROJECT.file);
    expect(offered?.content).toBe('cluster_version = "1.35"\n');
    await waitFor('the owner is told', async () =>
      (await world().notices()).some(({ Message }) => Message.includes('is yours to carry out')),
    );
    expect(countUpdates()).toBe(0);
    world().gitlab.merge(GITLAB_PROJECT.path, request.iid);

    const asked = new Set<string>();
    const isOver = async () => {
      const step = await atWork(arn);
      if (step && !asked.has(step.id) && (await askEks(step))) asked.add(step.id);
      return (await world().executions.describe(arn)).status !== 'RUNNING';
    };
    await waitFor('the run is over', isOver, LONG_MS);
    expect(await endOf(arn)).toMatchObject({ outcome: 'upgraded' });
    expect([...asked].join()).toMatch(/control-plane.*node-group.*kube-proxy/);
    expect(countUpdates()).toBe(asked.size);
    expect((await runOf(arn))?.steps.every(({ state }) => state === 'done')).toBe(true);
    await expectFree();
  });
});

describe('a cluster of ours, in the middle of its bake', () => {
  it('is left alone when somebody else begins an update, and who and what is said', async () => {
    await deployAgain('cdk-ours', (written) =>
      written.replace(/^( *)bakeHours: 0$/m, '$1owner: drydock\n$1bakeHours: 1'),
    );
    const arn = await start();
    await approve(arn);
    await awaitStep(arn, 'bake');
    const errors = [updateFailure('NodeCreationFailure', ['i-1'])];
    world().eks.scriptUpdate({
      cluster: CLUSTER,
      about: `nodegroup/${NODE_GROUP}`,
      seconds: ENDLESS,
      errors,
    });
    await moveGroup();
    const before = countUpdates();
    const { outcome, reasons } = await endOf(arn);
    expect(outcome).toBe('stopped');
    expect(reasons.join()).toMatch(/^somebody else updates local: VersionUpdate .*Version 1\.36.*CloudTrail/);
    expect(countUpdates()).toBe(before);
    await expectFree();
  });

  it('bakes on by the clock of EKS through a new deploy, and moves nodes only then', async () => {
    const { eks, executions } = world();
    eks.endUpdates(CLUSTER);
    const before = eks.calls('UpdateNodegroupVersion').length;
    const arn = await start();
    await approve(arn);
    await awaitStep(arn, 'bake');
    await deployAgain('cdk-again', (written) => written.replace('approvalHours: 1', 'approvalHours: 2'));
    expect(await executions.describe(arn)).toMatchObject({ status: 'RUNNING' });
    expect(eks.calls('UpdateNodegroupVersion')).toHaveLength(before);

    const ends = Date.now() + 5_000;
    moveArrival(new Date(ends - HOUR_MS));
    const haveMoved = async () => eks.calls('UpdateNodegroupVersion').length > before;
    await waitFor('nodes move', haveMoved, LONG_MS);
    expect(Date.now()).toBeGreaterThanOrEqual(ends);
    expect(await endOf(arn)).toMatchObject({ outcome: 'upgraded' });
    expect(eks.calls('UpdateClusterVersion')).toHaveLength(2);
    await expectFree();
  });
});
