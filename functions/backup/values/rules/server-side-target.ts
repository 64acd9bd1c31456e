import { defineArgumentRule } from '../rule.ts';

const TARGET = 'gitlab.gitaly.backup.goCloudUrl';
/** The same setting in the block that is handed to Gitaly as it is. */
const CONFIGURATION = 'gitlab.gitaly.configuration.backup';

/**
 * Where Gitaly writes server-side backups.
 *
 * Source: GitLab chart 9 and 10, charts/gitlab/charts/gitaly/values.yaml, `backup.goCloudUrl`; GitLab documentation,
 * Gitaly, "Configure server-side backups".
 */
export const serverSideTarget = defineArgumentRule({
  code: 'server-side-target',
  title: 'Gitaly knows where server-side backups go',
  judge: (given, values) => {
    if (!given.has('--repositories-server-side') || given.skipped.has('repositories')) return [];
    if (values.isOn(TARGET) || values.isOn(CONFIGURATION)) return [];
    return values.isOn('global.gitaly.enabled')
      ? [
          {
            severity: 'trap',
            path: TARGET,
            message:
              'Backups of repositories are asked of Gitaly (--repositories-server-side), and it has no bucket to write them to: each one fails.',
            remedy: `Write ${TARGET} with the address of a bucket of its own, "s3://bucket?region=eu-central-1", and give the service account of Gitaly the rights on it.`,
          },
        ]
      : [
          {
            severity: 'not-checked',
            path: 'global.gitaly.external',
            message:
              'Backups of repositories are asked of a Gitaly outside of the cluster; whether it has a bucket to write them to stands in its own configuration.',
            remedy: 'Look whether go_cloud_url stands in the [backup] section of each Gitaly.',
          },
        ];
  },
});
