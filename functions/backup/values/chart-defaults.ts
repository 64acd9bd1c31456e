import { mergeValues } from './merge-values.ts';
import type { ValueMap } from './value-tree.ts';

/** Majors of the GitLab chart that the rules were read in: 9 is GitLab 18, 10 is GitLab 19. */
export type ChartMajor = 9 | 10;

const MAJORS: readonly ChartMajor[] = [9, 10];

/** Of a version of the chart, `9.10.0`; undefined for a major that the rules were not read in. */
export const majorOf = (version: string): ChartMajor | undefined =>
  MAJORS.find((major) => version.startsWith(`${major}.`));

/**
 * The defaults that the rules read, where both majors have the same.
 *
 * Source: GitLab chart, values.yaml, charts/gitlab/charts/toolbox/values.yaml, charts/gitlab/charts/gitaly/values.yaml
 * and charts/registry/values.yaml.
 */
const SHARED: ValueMap = {
  global: {
    appConfig: {
      object_store: { enabled: false },
      lfs: { enabled: true, bucket: 'git-lfs' },
      artifacts: { enabled: true, bucket: 'gitlab-artifacts' },
      uploads: { enabled: true, bucket: 'gitlab-uploads' },
      packages: { enabled: true, bucket: 'gitlab-packages' },
      externalDiffs: { enabled: false, bucket: 'gitlab-mr-diffs' },
      terraformState: { enabled: false, bucket: 'gitlab-terraform-state' },
      ciSecureFiles: { enabled: false, bucket: 'gitlab-ci-secure-files' },
      dependencyProxy: { enabled: false, bucket: 'gitlab-dependency-proxy' },
      backups: { bucket: 'gitlab-backups', tmpBucket: 'tmp' },
    },
    pages: { enabled: false, objectStore: { enabled: true, bucket: 'gitlab-pages' } },
    registry: { bucket: 'registry' },
    gitaly: { enabled: true, external: [] },
    praefect: {
      enabled: false,
      replaceInternalGitaly: true,
      virtualStorages: [{ name: 'default', gitalyReplicas: 3, maxUnavailable: 1 }],
      psql: { sslMode: 'disable' },
    },
    serviceAccount: { enabled: false },
  },
  registry: { enabled: true, database: { enabled: false } },
  gitlab: {
    gitaly: { persistence: { enabled: true, size: '50Gi' } },
    toolbox: {
      enabled: true,
      persistence: { enabled: false, size: '10Gi' },
      serviceAccount: { enabled: false },
      backups: {
        objectStorage: { backend: 's3', config: {} },
        cron: {
          enabled: false,
          schedule: '0 1 * * *',
          concurrencyPolicy: 'Replace',
          suspend: false,
          backoffLimit: 6,
          safeToEvict: false,
          restartPolicy: 'OnFailure',
          extraArgs: '',
          persistence: { enabled: false, useGenericEphemeralVolume: false, size: '10Gi' },
        },
      },
    },
  },
};

/** What chart 9 brings along and chart 10 no longer does. Source: GitLab chart, templates/_removal_charts.tpl (10). */
const OWN: Readonly<Record<ChartMajor, ValueMap>> = {
  9: {
    global: { minio: { enabled: true } },
    postgresql: { install: true },
    redis: { install: true },
    'nginx-ingress': { enabled: true },
  },
  10: { 'nginx-ingress': { enabled: false } },
};

/** The defaults of a major; of one that is not known, those that all have. */
export const defaultsOf = (major: ChartMajor | undefined): ValueMap =>
  major === undefined ? SHARED : mergeValues([SHARED, OWN[major]]);
