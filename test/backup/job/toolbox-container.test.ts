import { describe, expect, it, test } from 'vitest';
import { findToolbox, findToolboxCommand } from '../../../functions/backup/job/toolbox-container.ts';
import type { CronJob } from '../../../functions/records/kubernetes-job.ts';
import { chartCronJob } from '../../support/chart-cron-job.ts';

const cronJobWith = (name: string, args?: string[]): CronJob => {
  const cronJob = chartCronJob();
  const container = { name, ...(args && { args }) };
  cronJob.spec.jobTemplate.spec.template.spec.containers = [container];
  return cronJob;
};

test('the container of the chart is found beside others, with its shell and its script', () => {
  expect(findToolbox(chartCronJob())).toMatchObject({
    ok: true,
    where: 'CronJob gitlab/gitlab-toolbox-backup',
    container: { name: 'toolbox-backup', image: expect.stringContaining('gitlab-toolbox') },
    shell: '/bin/bash',
    script: expect.stringContaining('backup-utility'),
  });
});

describe('a CronJob is not the one of the chart with', () => {
  it.each<[string, CronJob]>([
    ['another container', cronJobWith('backup', ['/bin/bash', '-c', 'backup-utility'])],
    ['a container without arguments', cronJobWith('toolbox-backup')],
    ['no script', cronJobWith('toolbox-backup', ['/bin/bash', '-c'])],
    ['another option than -c', cronJobWith('toolbox-backup', ['/bin/bash', '-x', 'backup-utility'])],
    ['another shell', cronJobWith('toolbox-backup', ['/bin/sh', '-c', 'backup-utility'])],
  ])('%s', (_, cronJob) => {
    const why =
      'CronJob gitlab/gitlab-toolbox-backup has no container toolbox-backup that runs a script of bash';
    expect(findToolbox(cronJob)).toEqual({ ok: false, why });
    expect(findToolboxCommand(cronJob)).toEqual({ ok: false, why });
  });
});

describe('the command', () => {
  it("comes with what the chart's values add", () => {
    const found = findToolboxCommand(chartCronJob({ extraArgs: '--s3tool awscli' }));
    const command = { extra: '--s3tool awscli', head: expect.stringMatching(/backup-utility$/) };
    expect(found).toMatchObject({ ok: true, shell: '/bin/bash', command });
  });

  it('that can not be read keeps the CronJob from being copied, and the container is found all the same', () => {
    const cronJob = cronJobWith('toolbox-backup', ['/bin/bash', '-c', 'backup-utility | tee log']);
    const why = /^CronJob gitlab\/gitlab-toolbox-backup can not be copied: its extraArgs hold more/;
    expect(findToolboxCommand(cronJob)).toEqual({ ok: false, why: expect.stringMatching(why) });
    expect(findToolbox(cronJob)).toMatchObject({ ok: true, script: 'backup-utility | tee log' });
  });
});
