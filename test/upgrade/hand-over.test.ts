import { describe, expect, it } from 'vitest';
import type { Proposal } from '../../functions/clients/gitlab.ts';
import { defaultUpgradeSettings } from '../../functions/records/configuration/upgrade.ts';
import { RefusedError } from '../../functions/runtime/errors.ts';
import { openChangeOffers } from '../../functions/upgrade/run/change-offer.ts';
import { buildPlan } from '../support/upgrade-run.ts';
import { execute, useUpgradeWorld } from '../support/upgrade-world.ts';

const world = useUpgradeWorld({ owner: 'external', bakeHours: 1, handOverHours: 5 });

describe('a cluster of somebody else', () => {
  it('is handed over, watched and verified step by step, and no update is ever asked for', async () => {
    const upgrade = execute(world());
    const planned = await upgrade.plan();
    expect(planned).toMatchObject({ outcome: 'proceed', owner: 'external' });
    expect(await upgrade.begin()).toMatchObject({ outcome: 'begun' });
    expect(world().notifier.published).toMatchObject([
      { outcome: 'handed-over', did: expect.stringContaining('calls no update of EKS here') },
    ]);
    const { eks } = world();
    await upgrade.follow((message) =>
      message.startsWith('waits for the owner of the cluster: add-on vpc-cni'),
    );
    await eks.updater.updateAddon({
      cluster: 'blue',
      addon: 'vpc-cni',
      version: 'v1.21.1-eksbuild.10',
      conflicts: 'NONE',
      token: 'a',
    });
    await upgrade.follow((message) =>
      message.startsWith('waits for the owner of the cluster: control plane'),
    );
    await eks.updater.updateClusterVersion({ cluster: 'blue', version: '1.36', token: 'b' });
    await upgrade.follow((message) => message.startsWith('bakes until'));
    await upgrade.follow((message) => message.startsWith('waits for the owner of the cluster: node group'));
    await eks.updater.updateNodeGroup({ cluster: 'blue', nodeGroup: 'general', version: '1.36', token: 'c' });
    await upgrade.follow((message) =>
      message.startsWith('waits for the owner of the cluster: add-on kube-proxy'),
    );
    await eks.updater.updateAddon({
      cluster: 'blue',
      addon: 'kube-proxy',
      version: 'v1.36.1-eksbuild.2',
      conflicts: 'NONE',
      token: 'd',
    });
    expect(await upgrade.follow()).toMatchObject({ outcome: 'upgraded' });
    expect(eks.asked).toHaveLength(4);
  });

  it('whose change does not come in time is told so', async () => {
    const upgrade = execute(world());
    await upgrade.plan();
    await upgrade.begin();
    const began = world().clock.now().getTime();
    const end = await upgrade.follow();
    expect(end).toMatchObject({
      outcome: 'handed-over',
      reasons: [expect.stringMatching(/did not come in 5 hours/)],
    });
    expect(world().clock.now().getTime() - began).toBeLessThan(6 * 3_600_000);
    await upgrade.finish('handed-over', end.reasons);
    expect(world().notifier.published.at(-1)).toMatchObject({ outcome: 'handed-over', severity: 'warning' });
    expect(world().eks.asked).toEqual([]);
  });
});

const MOVE = {
  kind: 'control-plane' as const,
  id: 'control-plane/1.36',
  title: 'control plane from 1.35 to 1.36',
  minor: '1.36',
  minutes: 15,
  from: '1.35',
  to: '1.36',
};

describe('a merge request for it', () => {
  const gitlab = {
    url: 'https://gitlab.example.com',
    project: 'platform/clusters',
    token: { secret: 'drydock/gitlab' },
    issue: false,
    mergeRequest: { file: 'eks.tf', line: 'cluster_version = "{version}"', branch: 'main' },
  };
  const offer = async (text: string | undefined, settings = gitlab) => {
    const proposals: Proposal[] = [];
    const open = async () => ({
      readFile: async () => (text === undefined ? undefined : { text, commit: 'c' }),
      proposeChange: async (proposal: Proposal) => {
        proposals.push(proposal);
        return { outcome: 'proposed' as const, url: 'https://gitlab.example.com/mr/1', number: 1 };
      },
    });
    const said = await openChangeOffers(open)(buildPlan(), MOVE, settings, new AbortController().signal);
    return { said, proposals };
  };

  it('changes the one line that holds the version, and shows the plan', async () => {
    const { said, proposals } = await offer('cluster_version = "1.35"\n');
    expect(said).toBe('offered the merge request https://gitlab.example.com/mr/1');
    expect(proposals).toMatchObject([
      {
        project: 'platform/clusters',
        branch: 'main',
        source: 'drydock/gitlab-1.36',
        content: 'cluster_version = "1.36"\n',
        title: 'EKS cluster gitlab: Kubernetes 1.36',
        description: expect.stringContaining('- 2. control plane from 1.35 to 1.36'),
      },
    ]);
  });

  it.each<[string, string | undefined, RegExp]>([
    [
      'the file is not there',
      undefined,
      /could offer no merge request: main of platform\/clusters has no file eks.tf/,
    ],
    ['no line fits', 'x', /could offer no merge request: no line of the file reads/],
    ['the version is there', 'cluster_version = "1.36"', /found 1.36 in eks.tf already/],
    [
      'the file is ahead, which it would take back',
      'cluster_version = "1.37"',
      /could offer no merge request: eks.tf does not say 1.35/,
    ],
    ['the file is behind', 'cluster_version = "1.34"', /eks.tf does not say 1.35, which the cluster is at/],
  ])('is not made when %s, and that is said', async (_, text, said) => {
    const offered = await offer(text);
    expect(offered.said).toMatch(said);
    expect(offered.proposals).toEqual([]);
  });

  it('is nobody asked for without settings', async () => {
    const { mergeRequest: _, ...rest } = gitlab;
    const open = async () => Promise.reject(new Error('never opened'));
    expect(
      await openChangeOffers(open)(buildPlan(), MOVE, rest, new AbortController().signal),
    ).toBeUndefined();
    const none = defaultUpgradeSettings().gitlab;
    expect(
      await openChangeOffers(open)(buildPlan(), MOVE, none, new AbortController().signal),
    ).toBeUndefined();
  });

  it('that GitLab refuses stops nothing', async () => {
    const open = async () => Promise.reject(new RefusedError('gitlab.forbidden', 'The token may not write.'));
    const said = await openChangeOffers(open)(buildPlan(), MOVE, gitlab, new AbortController().signal);
    expect(said).toBe('could offer no merge request: The token may not write.');
  });
});
