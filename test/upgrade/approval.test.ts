import { describe, expect, it } from 'vitest';
import type { Locks } from '../../functions/clients/locks.ts';
import { approvalKind } from '../../functions/records/approval.ts';
import { UNSENT_PREFIX } from '../../functions/records/message.ts';
import { approvalKey } from '../../functions/records/upgrade/plan.ts';
import { renderMessage } from '../../functions/rules/message-text.ts';
import { buildExecution } from '../support/target-world.ts';
import { execute, useUpgradeWorld } from '../support/upgrade-world.ts';

const world = useUpgradeWorld();

/** As Step Functions makes them: long, and of letters that a shell leaves alone. */
const TOKEN = `AQCEAAAAKgAAAAMAAAAA${'b64+/'.repeat(180)}=`;

const NOW = '2026-11-21T12:00:00.000Z';
const takenByOther: Locks['acquire'] = async (name) => ({
  ok: false,
  lock: {
    version: 1,
    name,
    owner: buildExecution('upgrade-2').arn,
    token: 2,
    acquiredAt: NOW,
    expiresAt: NOW,
  },
});

describe('an approval', () => {
  it('is asked for with the plan, the gates and the command, and its token is kept nowhere', async () => {
    const upgrade = execute(world());
    const { plan } = await upgrade.plan();
    await upgrade.ask(TOKEN);
    const [notice] = world().notifier.published;
    expect(notice).toMatchObject({ outcome: 'approval-wanted', target: 'blue', environment: 'production' });
    expect(notice?.command).toBe(
      `aws stepfunctions send-task-success --region eu-central-1 --task-token '${TOKEN}' ` +
        `--task-output '{"plan":"${plan?.id}","by":"<you>"}'`,
    );
    if (!notice) throw new Error('Nobody was asked.');
    const { body } = renderMessage(notice);
    expect(body).toContain(`\n${notice.command}\n`);
    expect(body).toMatch(/1\. EKS judges the cluster anew against 1\.36, 5 min/);
    expect(body).toMatch(/from here on the way back is closed/);
    const kept = [...world().ledger.objects].filter(([key]) => !key.startsWith(UNSENT_PREFIX));
    expect(JSON.stringify(kept)).not.toContain(TOKEN.slice(0, 40));
  });

  it('asked for again, after a Lambda that died, brings the new token in a notice of its own', async () => {
    const upgrade = execute(world());
    await upgrade.plan();
    await upgrade.ask('token-1');
    await upgrade.ask('token-1');
    await upgrade.ask('token-2');
    expect(world().notifier.published.map(({ command }) => /token-\d/.exec(command ?? '')?.[0])).toEqual([
      'token-1',
      'token-2',
    ]);
  });

  it('of the plan by somebody else counts, and a repeat of the step finds it', async () => {
    const upgrade = execute(world());
    const { plan } = await upgrade.plan();
    const answer = { plan: plan?.id, by: 'Grace' };
    expect(await upgrade.accept(answer)).toMatchObject({ outcome: 'approved', by: 'Grace' });
    expect(await upgrade.accept(answer)).toMatchObject({ outcome: 'approved', by: 'Grace' });
    expect(await upgrade.begin()).toMatchObject({ outcome: 'begun' });
  });

  it('that the record keeps of another plan opens nothing', async () => {
    const upgrade = execute(world());
    await upgrade.plan();
    const { name } = upgrade.execution;
    const other = { version: 1 as const, execution: name, plan: 'another', by: 'Grace', at: NOW };
    await world().ledger.claim(approvalKind, approvalKey(name), other);
    expect(await upgrade.begin()).toMatchObject({
      outcome: 'refused',
      reasons: ['approval: nobody has approved this plan'],
    });
    expect(await upgrade.run()).toBeUndefined();
  });

  it('of a cluster that another execution took behind the last look at the gates begins nothing', async () => {
    const { deps, ...rest } = world();
    const upgrade = execute({ ...rest, deps: { ...deps, locks: { ...deps.locks, acquire: takenByOther } } });
    const { plan } = await upgrade.plan();
    await upgrade.accept({ plan: plan?.id, by: 'Grace' });
    expect(await upgrade.begin()).toMatchObject({
      outcome: 'refused',
      reasons: [expect.stringMatching(/another execution took this cluster.*upgrade-2/)],
    });
    expect(await upgrade.run()).toBeUndefined();
    expect([...world().ledger.objects.keys()].filter((key) => key.startsWith('controls/'))).toEqual([]);
  });

  it('counts once: a second one of somebody else is too late', async () => {
    const upgrade = execute(world());
    const { plan } = await upgrade.plan();
    await upgrade.accept({ plan: plan?.id, by: 'Grace' });
    expect(await upgrade.accept({ plan: plan?.id, by: 'Mallory' })).toMatchObject({
      outcome: 'not-approved',
      reasons: [expect.stringMatching(/^Grace answered before/)],
    });
  });

  it.each<[string, (plan: string) => unknown, RegExp]>([
    ['for another plan', () => ({ plan: 'f'.repeat(32), by: 'Grace' }), /approved the plan ffff/],
    ['by who asked for it', (plan) => ({ plan, by: 'ada ' }), /asked for this plan/],
    ['that is a mere yes', () => 'yes', /is no approval/],
  ])('%s is none, and nothing begins', async (_, answer, reason) => {
    const upgrade = execute(world());
    const { plan } = await upgrade.plan();
    expect(await upgrade.accept(answer(plan?.id ?? ''))).toMatchObject({
      outcome: 'not-approved',
      reasons: [expect.stringMatching(reason)],
    });
    expect(await upgrade.begin()).toMatchObject({
      outcome: 'refused',
      reasons: ['approval: nobody has approved this plan'],
    });
  });

  it('of another execution with the same plan does not count for this one', async () => {
    const first = execute(world());
    const { plan } = await first.plan();
    await first.accept({ plan: plan?.id, by: 'Grace' });
    const second = execute(world(), 'upgrade-2');
    expect((await second.plan()).plan?.id).toBe(plan?.id);
    expect(await second.begin()).toMatchObject({ outcome: 'refused' });
  });

  it('that comes after the cluster was moved opens nothing: every gate is looked at again', async () => {
    const upgrade = execute(world());
    const { plan } = await upgrade.plan();
    await upgrade.accept({ plan: plan?.id, by: 'Grace' });
    world().eks.state.cluster = { ...world().eks.state.cluster, version: '1.36' };
    expect(await upgrade.begin()).toMatchObject({
      outcome: 'refused',
      reasons: [expect.stringMatching(/^plan: the plan begins at 1.35, and the cluster is at 1.36/)],
    });
  });
});
