import { isOnS3 } from '../object-stores.ts';
import { defineArgumentRule, EXTRA_ARGS } from '../rule.ts';

/**
 * Artifacts that expire while s3cmd walks its list of them.
 *
 * Source: GitLab documentation, charts, "Backing up a GitLab installation", "Specify S3 tool to use"; charts issue 3338.
 */
export const s3cmdArtifacts = defineArgumentRule({
  code: 's3cmd-artifacts',
  title: 'Artifacts that expire meanwhile do not end the backup',
  judge: (given, values) => {
    const tool = given.valueOf('--s3tool-data') ?? given.valueOf('--s3tool') ?? 's3cmd';
    const isConcerned =
      tool === 's3cmd' &&
      isOnS3(values, given.valueOf('--backend')) &&
      values.isOn('global.appConfig.artifacts.enabled') &&
      !given.skipped.has('artifacts');
    return isConcerned
      ? [
          {
            severity: 'risk',
            path: EXTRA_ARGS,
            message:
              's3cmd lists the bucket of artifacts first and copies then: an artifact that expires in between is a 404, and the whole backup ends with it. The more pipelines run, the more often.',
            remedy:
              'Add --s3tool awscli, or skip artifacts and protect their bucket by versions and a replica.',
          },
        ]
      : [];
  },
});
