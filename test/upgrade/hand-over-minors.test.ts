import { beforeEach, describe, expect, it } from 'vitest';
import type { Proposal } from '../../functions/clients/gitlab.ts';
import { updateRecord } from '../../functions/clients/ledger.ts';
import {
  type StepState,
  type UpgradeRun,
  upgradeRunKey,
  upgradeRunKind,
} from '../../functions/records/upgrade/plan.ts';
import { openChangeOffers } from '../../functions/upgrade/run/change-offer.ts';
import { buildNodeGroup } from '../support/upgrade-facts.ts';
import { execute, useUpgradeWorld } from '../support/upgrade-world.ts';

const world = useUpgradeWorld({
  owner: 'external',
  bakeHours: 1,
  handOverHours: 5,
  gitlab: {
    url: 'https://gitlab.example.com',
    project: 'platform/clusters',
    token: { secret: 'drydock/gitlab' },
    issue: false,
    mergeRequest: { file: 'eks.tf', line: 'cluster_version = "{version}"', branch: 'main' },
  },
});

/** The owner's file, and what was proposed for it. */
let file: { text: string; proposals: Proposal[] };

/** The cluster is two minors behind its target; its owner's file says so. */
beforeEach(() => {
  const { eks, deps } = world();
  eks.state.cluster = { ...eks.state.cluster, version: '1.34' };
  eks.state.groups = [buildNodeGroup({ name: 'general', version: '1.34' })];
  eks.state.addons = [];
  file = { text: 'cluster_version = "1.34"\n', proposals: [] };
  const changes = {
    readFile: async () => ({ text: file.text, commit: 'c' }),
    proposeChange: async (proposal: Proposal) => {
      file.proposals.push(proposal);
      return {
        outcome: 'proposed' as const,
        url: `https://gitlab.example.com/${proposal.source}`,
        number: 1,
      };
    },
  };
  Object.assign(deps, { offerChange: openChangeOffers(async () => changes) });
});

type Steps = ReturnType<typeof execute>;

const offered = () => file.proposals.map(({ source, title }) => [source, title]);
const told = () =>
  world()
    .notifier.published.filter(({ outcome }) => outcome === 'handed-over')
    .map(({ did }) => did);
const FIRST = ['drydock/blue-1.35', 'EKS cluster blue: Kubernetes 1.35'];
const SECOND = ['drydock/blue-1.36', 'EKS cluster blue: Kubernetes 1.36'];

const forgetOffer = (state: StepState): StepState => {
  const { offer: _, ...rest } = state;
  return rest;
};

const waitFor = (upgrade: Steps, what: string) =>
  upgrade.follow((message) => message.startsWith(`waits for the owner of the cluster: ${what}`));
const beginHandOver = async (name?: string) => {
  const upgrade = execute(world(), name);
  await upgrade.plan();
  expect(await upgrade.begin()).toMatchObject({ outcome: 'begun' });
  return upgrade;
};
/** The owner merges what was offered. */
const merge = async (version: string): Promise<void> => {
  file.text = `cluster_version = "${version}"\n`;
  await world().eks.updater.updateClusterVersion({ cluster: 'blue', version, token: version });
};
const moveNodes = async (version: string): Promise<void> => {
  await world().eks.updater.updateNodeGroup({
    cluster: 'blue',
    nodeGroup: 'general',
    version,
    token: version,
  });
};
/** Up to the second minor, whose turn it is. */
const comeToSecond = async () => {
  const upgrade = await beginHandOver();
  await waitFor(upgrade, 'control plane from 1.34 to 1.35');
  await merge('1.35');
  await waitFor(upgrade, 'node group general');
  await moveNodes('1.35');
  await waitFor(upgrade, 'control plane from 1.35 to 1.36');
  return upgrade;
};

describe('a plan of two minors on a cluster of somebody else', () => {
  it('offers each minor by a merge request of its own, the second when all before it is done', async () => {
    const upgrade = await beginHandOver();
    expect(offered()).toEqual([FIRST]);
    await waitFor(upgrade, 'control plane from 1.34 to 1.35');
    await merge('1.35');
    await upgrade.follow((message) => message.startsWith('bakes until'));
    await waitFor(upgrade, 'node group general');
    expect(offered()).toEqual([FIRST]);
    await moveNodes('1.35');
    await waitFor(upgrade, 'control plane from 1.35 to 1.36');
    expect(offered()).toEqual([FIRST, SECOND]);
    expect(file.proposals[1]?.content).toBe('cluster_version = "1.36"\n');
    expect(told()).toEqual([
      expect.stringContaining('offered the merge request https://gitlab.example.com/drydock/blue-1.35'),
      expect.stringContaining('offered the merge request https://gitlab.example.com/drydock/blue-1.36'),
    ]);
    await merge('1.36');
    await waitFor(upgrade, 'node group general');
    await moveNodes('1.36');
    expect(await upgrade.follow()).toMatchObject({ outcome: 'upgraded' });
    expect(offered()).toEqual([FIRST, SECOND]);
  });

  it('keeps with the step what was offered, and offers it once however long it waits', async () => {
    const upgrade = await comeToSecond();
    world().clock.advance(300_000);
    await upgrade.advance();
    expect(offered()).toEqual([FIRST, SECOND]);
    const step = (await upgrade.run())?.steps.find(({ id }) => id === 'control-plane/1.36');
    expect(step?.offer).toBe('offered the merge request https://gitlab.example.com/drydock/blue-1.36');
  });

  it('asks for the same merge request again when the Lambda died before it wrote that down, and tells nobody twice', async () => {
    const upgrade = await comeToSecond();
    const { ledger, clock } = world();
    await updateRecord(
      ledger,
      upgradeRunKind,
      upgradeRunKey('blue', upgrade.execution.name),
      (run: UpgradeRun | undefined) => run && { ...run, steps: run.steps.map(forgetOffer) },
      clock,
    );
    await upgrade.advance();
    expect(offered()).toEqual([FIRST, SECOND, SECOND]);
    expect(told()).toHaveLength(2);
  });

  it('that another execution takes up in the bake does not run ahead of it', async () => {
    const first = await beginHandOver();
    await waitFor(first, 'control plane from 1.34 to 1.35');
    await merge('1.35');
    await first.follow((message) => message.startsWith('bakes until'));
    await first.finish('stopped');
    const second = await beginHandOver('upgrade-2');
    expect(offered()).toEqual([FIRST]);
    expect(told().at(-1)).not.toContain('merge request');
    await waitFor(second, 'node group general');
    expect(offered()).toEqual([FIRST]);
    await moveNodes('1.35');
    await waitFor(second, 'control plane from 1.35 to 1.36');
    expect(offered()).toEqual([FIRST, SECOND]);
  });
});

describe('a cluster of our own', () => {
  it('is offered to nobody', async () => {
    world().settings.owner = 'drydock';
    const upgrade = execute(world());
    await upgrade.start();
    expect(await upgrade.follow()).toMatchObject({ outcome: 'upgraded' });
    expect(offered()).toEqual([]);
  });
});
