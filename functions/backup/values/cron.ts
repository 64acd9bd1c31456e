import type { ChartValues } from './chart-values.ts';

/** The CronJob `<release>-toolbox-backup`, from which every backup is started. */

export const TOOLBOX = 'gitlab.toolbox';
export const CRON = `${TOOLBOX}.backups.cron`;

/** Is there a CronJob? Source: GitLab chart, charts/gitlab/charts/toolbox/templates/backup-job.yaml, its first line. */
export const hasTemplate = (values: ChartValues): boolean =>
  values.isOn(`${TOOLBOX}.enabled`) && values.isOn(`${CRON}.enabled`);

/**
 * Does the CronJob start backups by itself? What it sets of retries and deadlines bites then only: a Job that Drydock
 * makes of its template brings its own.
 */
export const startsByItself = (values: ChartValues): boolean =>
  hasTemplate(values) && values.text(`${CRON}.suspend`) !== 'true';
