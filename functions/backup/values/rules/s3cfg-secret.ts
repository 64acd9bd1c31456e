import type { ChartMajor } from '../chart-defaults.ts';
import type { ChartValues } from '../chart-values.ts';
import { hasTemplate } from '../cron.ts';
import { isOnS3, isStoredOutside } from '../object-stores.ts';
import type { ValuesRule } from '../rule.ts';

const PATH = 'gitlab.toolbox.backups.objectStorage.config.secret';

/**
 * The `.s3cfg` of the toolbox, also where awscli does the work.
 *
 * Source: GitLab chart 9 and 10, backup-job.yaml: `cp /etc/gitlab/.s3cfg $HOME/.s3cfg && backup-utility`, and
 * templates/_checkConfig_toolbox.tpl; GitLab documentation, charts, "Backup and restore", "/home/git/.s3cfg: None".
 */
export const s3cfgSecret: ValuesRule = {
  code: 's3cfg-secret',
  title: 'The toolbox has its .s3cfg',
  judge: (values, { chart }) =>
    hasTemplate(values) && isOnS3(values) && !mayHaveMinio(values, chart) && !values.isOn(PATH)
      ? [
          {
            severity: 'trap',
            path: PATH,
            message:
              'There is no secret with an .s3cfg. The command of the CronJob copies that file first and stops when it is not there, before the tool is called, also with --s3tool awscli; chart 10 refuses such values.',
            remedy: `Write ${PATH} with a secret that holds an .s3cfg under "config"; with an IAM role its lines "[default]" and "bucket_location = <region>" are enough.`,
          },
        ]
      : [],
};

/** MinIO of chart 9 brings an .s3cfg; without a word it is on, and of a chart of unknown version it may be. */
const mayHaveMinio = (values: ChartValues, chart: ChartMajor | undefined): boolean =>
  values.get('global.minio.enabled') === undefined
    ? chart === undefined && !isStoredOutside(values)
    : values.isOn('global.minio.enabled');
