import { CronJob } from '../../functions/records/kubernetes-job.ts';

/** The script of the chart's CronJob, with what its values put behind it. */
export const chartScript = (extraArgs = ''): string =>
  `cp /etc/gitlab/.s3cfg $HOME/.s3cfg && backup-utility ${extraArgs}`.trim();

interface Overrides {
  readonly extraArgs?: string;
  readonly script?: string;
  readonly suspend?: boolean;
}

/**
 * What the GitLab chart 9.10 renders of its toolbox, for the release `gitlab`, shortened: labels, annotations, init
 * container, projected Secrets, and its defaults of retries. Everything that a copy has to keep is there once.
 */
export const chartCronJobBody = ({ extraArgs, script, suspend = true }: Overrides = {}) => ({
  apiVersion: 'batch/v1',
  kind: 'CronJob',
  metadata: { name: 'gitlab-toolbox-backup', labels: { app: 'toolbox', release: 'gitlab' } },
  spec: {
    concurrencyPolicy: 'Replace',
    failedJobsHistoryLimit: 1,
    successfulJobsHistoryLimit: 3,
    schedule: '0 1 * * *',
    suspend,
    jobTemplate: {
      spec: {
        backoffLimit: 6,
        template: {
          metadata: {
            labels: { app: 'toolbox', chart: 'toolbox-9.10.0', release: 'gitlab', heritage: 'Helm' },
            annotations: {
              'checksum/config': 'a4d1',
              'cluster-autoscaler.kubernetes.io/safe-to-evict': 'false',
            },
          },
          spec: {
            restartPolicy: 'OnFailure',
            securityContext: { runAsUser: 1000, fsGroup: 1000 },
            initContainers: [
              { name: 'configure', command: ['sh', '/config/configure'], image: 'gitlab-base:v18.10.0' },
            ],
            containers: [
              { name: 'mesh-proxy', image: 'proxy:1' },
              {
                name: 'toolbox-backup',
                args: ['/bin/bash', '-c', script ?? chartScript(extraArgs)],
                image: 'registry.gitlab.com/gitlab-org/build/cng/gitlab-toolbox-ee:v18.10.0',
                env: [
                  { name: 'BACKUP_BUCKET_NAME', value: 'gitlab-backups' },
                  { name: 'BACKUP_BACKEND', value: 's3' },
                ],
                volumeMounts: [{ name: 'toolbox-tmp', mountPath: '/srv/gitlab/tmp' }],
                resources: { requests: { cpu: '50m', memory: '350M' } },
              },
            ],
            volumes: [
              { name: 'toolbox-tmp', emptyDir: {} },
              {
                name: 'init-toolbox-secrets',
                projected: {
                  defaultMode: 256,
                  sources: [{ secret: { name: 'gitlab-rails-secret', items: [{ key: 'a', path: 'b' }] } }],
                },
              },
            ],
          },
        },
      },
    },
  },
});

/** The same as the client reads it. */
export const chartCronJob = (overrides: Overrides = {}): CronJob => {
  const body = chartCronJobBody(overrides);
  return CronJob.parse({ ...body, metadata: { ...body.metadata, namespace: 'gitlab', uid: 'cron-1' } });
};
