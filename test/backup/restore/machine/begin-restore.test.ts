import { describe, expect, it } from 'vitest';
import { approvalKind } from '../../../../functions/records/approval.ts';
import { restoreApprovalKey } from '../../../../functions/records/backup/restore-plan.ts';
import { chartCronJobBody } from '../../../support/chart-cron-job.ts';
import { buildJob } from '../../../support/job-builders.ts';
import { pauseBackups } from '../../../support/pause-backups.ts';
import { openExecution, readPlaceRun } from '../../../support/restore-execution.ts';
import {
  createRestoreSite,
  type RestoreSite,
  SITE_CONFIGURATION,
  START,
  WEB,
} from '../../../support/restore-site.ts';
import { buildWorkload } from '../restore-builders.ts';

/** What changes while an approval is waited for, which may take days. */

const approve = async (site: RestoreSite) => {
  const execution = openExecution(site);
  expect((await execution.plan()).outcome).toBe('proceed');
  expect((await execution.approve()).outcome).toBe('approved');
  return execution;
};

const pauseAll = ({ memory: ledger, clock }: RestoreSite): Promise<void> => pauseBackups({ ledger, clock });

const moveRelease = (site: RestoreSite): void => {
  const { backup, ...rest } = SITE_CONFIGURATION;
  const production = backup?.environments['production'];
  if (!backup || !production) throw new Error('The site backs up its production.');
  const environments = { production: { ...production, namespace: 'elsewhere' } };
  site.deps.configuration = { ...rest, backup: { ...backup, environments } };
};

describe('a plan that was approved', () => {
  it.each<[string, (site: RestoreSite) => unknown, RegExp]>([
    ['restores are paused', pauseAll, /paused/],
    [
      'its set is deleted',
      (site) =>
        site.deps.sets.change(site.set, (current) => ({
          ...current,
          deletion: { startedAt: START, why: 'a person has deleted it' },
        })),
      /set-archive.* is being deleted/,
    ],
    [
      'its set was read again and found damaged',
      (site) =>
        site.deps.sets.change(site.set, (current) => ({
          ...current,
          state: 'corrupt',
          verification: { verdict: 'corrupt' as const, at: START, record: 'r', reasons: [], found: 0 },
        })),
      /set-verified/,
    ],
    [
      'GitLab was upgraded',
      (site) => {
        const upgraded = JSON.stringify(chartCronJobBody()).replaceAll('v18.10.0', 'v18.11.0');
        site.cluster.putCronJob('gitlab', JSON.parse(upgraded));
      },
      /version.*18\.11\.0/,
    ],
    ['a backup runs', (site) => site.cluster.putJob(buildJob()), /other-backup/],
    [
      'Argo CD has taken it over',
      (site) =>
        site.scaling.putWorkload(
          buildWorkload(WEB, {
            app: 'webservice',
            replicas: 3,
            annotations: { 'argocd.argoproj.io/tracking-id': 'x' },
          }),
        ),
      /gitops: Argo CD/,
    ],
    ['drydock.yaml has another place', moveRelease, /elsewhere/],
  ])('begins nothing when %s', async (_, change, reason) => {
    const site = await createRestoreSite();
    const execution = await approve(site);
    const made = site.cluster.made.length;
    await change(site);
    const begun = await execution.begin();
    expect(begun.outcome).toBe('refused');
    expect(begun.reasons.join('\n')).toMatch(reason);
    expect(await readPlaceRun(site)).toBeUndefined();
    expect([site.scaling.made, site.cluster.made.length, site.started.size]).toEqual([[], made, 0]);
    expect((await site.deps.locks.acquire('restore/production', 'somebody')).ok).toBe(true);
  });

  it.each([
    ['of another plan', 'another', ['nobody has approved this plan']],
    ['of this plan', 'this', []],
  ])('goes by the approval %s that lies in the ledger', async (_, which, reasons) => {
    const site = await createRestoreSite();
    const execution = openExecution(site);
    const planned = await execution.plan();
    const id = 'plan' in planned ? (planned.plan?.id ?? '') : '';
    const { name } = execution.execution;
    const approval = { version: 1 as const, execution: name, by: 'Grace', at: START };
    const approved = which === 'this' ? id : which;
    await site.memory.claim(approvalKind, restoreApprovalKey(name), { ...approval, plan: approved });
    expect((await execution.begin()).reasons).toEqual(reasons);
    expect((await readPlaceRun(site)) === undefined).toBe(reasons.length > 0);
  });

  it('begins days later when nothing has changed', async () => {
    const site = await createRestoreSite();
    const execution = await approve(site);
    site.clock.advance(6 * 86_400_000);
    expect((await execution.begin()).outcome).toBe('begun');
  });

  it('is not judged anew by a repeat of the step that has begun it: what was begun has to end', async () => {
    const site = await createRestoreSite();
    const execution = await approve(site);
    await execution.begin();
    await pauseAll(site);
    expect((await execution.begin()).outcome).toBe('begun');
  });

  it('is gone on with after a failure without its prechecks, which nothing there meets any more, and not while paused', async () => {
    const site = await createRestoreSite();
    site.state.failing.push('restore-job');
    const first = openExecution(site);
    expect((await first.play()).outcome).toBe('ask');
    await first.fail();
    const again = openExecution(site, 'restore-2');
    expect((await again.plan()).outcome).toBe('proceed');
    await again.approve();
    await pauseAll(site);
    expect((await again.begin()).outcome).toBe('refused');
    const other = await createRestoreSite();
    other.state.failing.push('restore-job');
    const failed = openExecution(other);
    await failed.play();
    await failed.fail();
    expect((await openExecution(other, 'restore-2').play()).outcome).toBe('ask');
  });
});
