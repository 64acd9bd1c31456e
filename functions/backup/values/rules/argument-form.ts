import { hasTemplate } from '../cron.ts';
import { EXTRA_ARGS, type ValuesRule } from '../rule.ts';

/**
 * extraArgs is written into a line of bash as it is.
 *
 * Source: GitLab chart 9 and 10, charts/gitlab/charts/toolbox/templates/backup-job.yaml.
 */
export const argumentForm: ValuesRule = {
  code: 'argument-form',
  title: 'The arguments of the backup are one text',
  judge: (values) => {
    const given = values.get(EXTRA_ARGS);
    if (!hasTemplate(values) || given === undefined || typeof given === 'string') return [];
    return [
      {
        severity: 'trap',
        path: EXTRA_ARGS,
        message:
          'It is no text. The chart writes a list or a map into the command line in the notation of Go, brackets included, and the tool stops at the first of them: no backup is made.',
        remedy: `Write ${EXTRA_ARGS} as one line: "--skip registry --s3tool awscli".`,
      },
    ];
  },
};
