import { beforeEach, describe, expect, it } from 'vitest';
import { minorNumber } from '../../functions/records/kubernetes-version.ts';
import type { InsightFact } from '../../functions/records/upgrade/aws-facts.ts';
import { buildInsight } from '../support/upgrade-facts.ts';
import { execute, OPEN, useUpgradeWorld } from '../support/upgrade-world.ts';

const world = useUpgradeWorld({ bakeHours: 0 });

/** What EKS finds out at a refresh, and shows until the next one. */
const lookAtKubelets = (): InsightFact => {
  const [group] = world().eks.state.groups;
  const isNewer = minorNumber(group?.version ?? '') > 35;
  return buildInsight({
    id: 'skew',
    category: 'ROLLBACK_READINESS',
    version: '1.35',
    status: isNewer ? 'ERROR' : 'PASSING',
    reason: isNewer ? `The nodes run ${group?.version}.` : '',
  });
};

/** EKS looks at what there is when it is asked to, and shows that until it is asked again. */
const onRefresh = (look: () => void): void => {
  world().eks.reader.startInsightsRefresh = async () => {
    look();
    world().eks.state.refreshedAt = world().clock.now().getTime();
    return { status: 'in-progress', message: '' };
  };
};

beforeEach(async () => {
  const { eks } = world();
  onRefresh(() => {
    if (eks.state.cluster.version === '1.36') eks.state.insights = [lookAtKubelets()];
  });
  const upgrade = execute(world());
  await upgrade.start();
  await upgrade.follow();
  await upgrade.finish('upgraded');
  eks.asked.length = 0;
});

const goBack = async () => {
  const back = execute(world(), 'upgrade-back', {
    rollback: true,
    target: undefined,
    overrides: OPEN.overrides,
  });
  const { begun } = await back.start();
  expect(begun).toMatchObject({ outcome: 'begun' });
  return back;
};

describe('the way back after nodes moved', () => {
  it('needs no override: kubelets that are newer are expected first, and must be gone before the control plane', async () => {
    const back = await goBack();
    const end = await back.follow();
    expect(end).toMatchObject({ outcome: 'rolled-back', reasons: ['blue is at 1.35'] });
    expect(world().eks.asked).toEqual([
      'group/general 1.35',
      'addon/kube-proxy v1.35.2-eksbuild.4',
      'cluster 1.35',
    ]);
    expect(end.messages).toContain(
      'EKS has judged the cluster anew; expected, as later steps cure it: "Kubelet version skew": The nodes run 1.36.',
    );
    const steps = (await back.run())?.steps;
    expect(steps?.map(({ message }) => message).filter((message) => message !== '')).toEqual([
      'expected, as later steps cure it: "Kubelet version skew": The nodes run 1.36.',
    ]);
  });

  it('takes no refresh that began before the nodes went down for the last word', async () => {
    const back = await goBack();
    const { clock, eks } = world();
    const begun: Date[] = [];
    // Somebody else's refresh is under way when the second one is asked for, so EKS makes none; then it does.
    eks.reader.startInsightsRefresh = async () => {
      begun.push(clock.now());
      if (begun.length !== 2) eks.state.insights = [lookAtKubelets()];
      return { status: 'in-progress', message: '' };
    };
    eks.reader.readInsightsRefresh = async () => ({
      status: 'completed',
      message: '',
      startedAt: begun.length === 2 ? (begun[0] ?? clock.now()) : (begun.at(-1) ?? clock.now()),
    });
    expect(await back.follow()).toMatchObject({ outcome: 'rolled-back' });
    expect(begun).toHaveLength(3);
  });

  it('moves nothing when EKS objects to something that no step cures', async () => {
    const back = await goBack();
    onRefresh(() => {
      const budgets = { ...lookAtKubelets(), id: 'b', name: 'NodePool disruption budgets' };
      world().eks.state.insights = [lookAtKubelets(), budgets];
    });
    const end = await back.follow();
    expect(end).toMatchObject({
      outcome: 'stopped',
      reasons: [expect.stringMatching(/^the insight "NodePool disruption budgets" says no to 1.35/)],
    });
    expect(world().eks.asked).toEqual([]);
  });

  it('leaves the control plane alone when EKS still objects with nodes down', async () => {
    const back = await goBack();
    onRefresh(() => {
      world().eks.state.insights = [{ ...lookAtKubelets(), status: 'ERROR', reason: 'Fargate runs 1.36.' }];
    });
    const end = await back.follow();
    expect(end).toMatchObject({
      outcome: 'stopped',
      reasons: [expect.stringContaining('Fargate runs 1.36')],
    });
    expect(world().eks.asked).not.toContain('cluster 1.35');
    expect(world().eks.asked).toContain('group/general 1.35');
  });
});
