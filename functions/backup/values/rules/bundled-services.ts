import type { ValuesRule } from '../rule.ts';

const SERVICES = [
  { name: 'PostgreSQL', install: 'postgresql.install', own: 'global.psql.host' },
  { name: 'Redis', install: 'redis.install', own: 'global.redis.host' },
  { name: 'MinIO', install: 'global.minio.enabled', own: 'global.appConfig.object_store.enabled' },
];

/**
 * Databases and object storage that the chart brings along. Chart 10 has none any more.
 *
 * Source: GitLab chart 10, templates/_removal_charts.tpl; GitLab documentation, charts, "Migrate from the bundled
 * charts", and chart 9, installation: for trials only.
 */
export const bundledServices: ValuesRule = {
  code: 'bundled-services',
  title: 'Databases and object storage live outside of the chart',
  judge: (values, { chart }) =>
    SERVICES.filter(({ install }) => values.isOn(install)).map(({ name, install, own }) => ({
      severity: chart === 10 ? ('trap' as const) : ('risk' as const),
      path: install,
      message:
        chart === 10
          ? `${name} of the chart is switched on, and chart 10 has none: it refuses these values, so GitLab can neither be upgraded nor installed anew for a restore.`
          : `${name} of the chart is switched on. It is meant for trials: one pod, one volume, no point in time to go back to, and with chart 10 it is gone.`,
      remedy: `Move to a service of its own, name it (${own}), and write ${install}: false.`,
    })),
};
