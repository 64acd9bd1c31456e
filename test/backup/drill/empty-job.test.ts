import { describe, expect, it } from 'vitest';
import { DRILL_LABEL, labelOf } from '../../../functions/backup/drill/drill-label.ts';
import { EMPTY_NAME, makeEmptyJob } from '../../../functions/backup/drill/empty-job.ts';
import { CronJob } from '../../../functions/records/kubernetes-job.ts';
import { chartCronJobBody } from '../../support/chart-cron-job.ts';

const REQUEST = {
  drill: 'drill-1',
  execution: 'drill-1',
  attempt: 0,
  buckets: ['acme-drill-uploads', 'acme-drill-tmp'],
};

const cronJob = (overrides: Parameters<typeof chartCronJobBody>[0] = {}): CronJob => {
  const body = chartCronJobBody(overrides);
  return CronJob.parse({ ...body, metadata: { ...body.metadata, namespace: 'gitlab-drill', uid: 'cron' } });
};

const containersOf = (plan: ReturnType<typeof makeEmptyJob>) =>
  plan.ok ? plan.job.spec.template.spec.containers.filter(({ name }) => name === 'toolbox-empty') : [];

describe('the Job that empties a place', () => {
  it('is known by the label of its drill, and tried once', () => {
    expect(makeEmptyJob(cronJob(), REQUEST)).toMatchObject({
      ok: true,
      job: {
        metadata: { namespace: 'gitlab-drill', labels: { [DRILL_LABEL]: labelOf('drill-1') } },
        spec: { backoffLimit: 0, template: { spec: { restartPolicy: 'Never' } } },
      },
    });
  });

  it.each([
    ['', 's3cmd'],
    ['--s3tool awscli', 'awscli'],
  ])('takes the tool of the chart: %j', (extraArgs, tool) => {
    const [container] = containersOf(makeEmptyJob(cronJob({ extraArgs }), REQUEST));
    expect(container?.args?.slice(4)).toEqual([tool, 'acme-drill-uploads', tool, 'acme-drill-tmp']);
  });

  it('is another one for each try and each execution, under a name that a label can hold', () => {
    const nameOf = (change: Partial<typeof REQUEST>): string => {
      const plan = makeEmptyJob(cronJob(), { ...REQUEST, ...change });
      return plan.ok ? plan.job.metadata.name : plan.why;
    };
    const names = [nameOf({}), nameOf({ attempt: 9 }), nameOf({ execution: 'drill-2' })];
    expect(new Set(names).size).toBe(3);
    expect(names.every((name) => name.length <= 63 && name.startsWith(EMPTY_NAME))).toBe(true);
    expect(nameOf({})).toBe(names[0]);
  });

  it('makes no backup', () => {
    const [container] = containersOf(makeEmptyJob(cronJob(), REQUEST));
    expect(container?.args?.[2]).not.toContain('backup-utility');
    expect(container?.args?.[2]).toContain('.s3cfg');
  });

  it('is not made of a script that nobody can read', () => {
    expect(makeEmptyJob(cronJob({ script: 'echo nothing' }), REQUEST).ok).toBe(false);
  });
});
