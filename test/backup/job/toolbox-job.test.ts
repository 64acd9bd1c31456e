import { describe, expect, it } from 'vitest';
import { makeDrillJob } from '../../../functions/backup/drill/drill-job.ts';
import { drillLabels } from '../../../functions/backup/drill/drill-label.ts';
import { labelPurpose, makeToolboxJob, type ToolboxWork } from '../../../functions/backup/job/toolbox-job.ts';
import type { CronJob } from '../../../functions/records/kubernetes-job.ts';
import { chartCronJob } from '../../support/chart-cron-job.ts';

/** The chart's, with labels and annotations of somebody's own at both places. */
const cronJob = ((): CronJob => {
  const chart = chartCronJob();
  const { jobTemplate } = chart.spec;
  const template = {
    ...jobTemplate.spec.template,
    metadata: { labels: { app: 'toolbox' }, annotations: { 'mesh/inject': 'no' } },
  };
  const spec = { ...jobTemplate.spec, template };
  return { ...chart, spec: { ...chart.spec, jobTemplate: { metadata: { labels: { team: 'git' } }, spec } } };
})();

const WORK: ToolboxWork = {
  name: 'ask',
  jobId: 'ask-1',
  execution: 'execution-1',
  labels: { job: { of: 'job' }, pod: { of: 'pod' } },
  container: { name: 'toolbox-ask', args: ['/bin/bash', '-c', 'true'] },
  needsDisk: false,
  deadlineSeconds: 60,
  keptSeconds: 600,
};

describe('a Job of the toolbox', () => {
  it('has labels of its own, and those of its pod', () => {
    const { metadata, spec } = makeToolboxJob(cronJob, WORK);
    expect(metadata.labels).toEqual({ of: 'job' });
    expect(spec.template.metadata?.labels).toEqual({ of: 'pod' });
  });

  it('keeps the annotations of the pod, and puts its own beside them', () => {
    const annotationsOf = (work: ToolboxWork) =>
      makeToolboxJob(cronJob, work).spec.template.metadata?.annotations;
    expect(annotationsOf(WORK)).toEqual({ 'mesh/inject': 'no' });
    expect(annotationsOf({ ...WORK, podAnnotations: { stay: 'yes' } })).toEqual({
      'mesh/inject': 'no',
      stay: 'yes',
    });
  });

  it('of a purpose has the labels that the CronJob gives its Jobs', () => {
    expect(labelPurpose(cronJob, 'probe')).toEqual({
      job: { app: 'toolbox', 'drydock.dev/purpose': 'probe', team: 'git' },
      pod: { app: 'toolbox', 'drydock.dev/purpose': 'probe' },
    });
  });

  it('of a drill is known by the label of the drill alone, and its pod is one of the toolbox', () => {
    const { metadata, spec } = makeDrillJob(cronJob, { ...WORK, drill: 'drill-1' });
    expect(metadata.labels).toEqual(drillLabels('drill-1'));
    expect(metadata.annotations).toMatchObject({ 'drydock.dev/job-id': 'ask' });
    expect(spec.template.metadata?.labels).toEqual({ app: 'toolbox', ...drillLabels('drill-1') });
  });

  it('of a drill goes under the labels of another pod where it is to be taken for it', () => {
    const work = { ...WORK, drill: 'drill-1', podLabels: { app: 'sidekiq' } };
    expect(makeDrillJob(cronJob, work).spec.template.metadata?.labels).toEqual({
      app: 'sidekiq',
      ...drillLabels('drill-1'),
    });
  });
});
