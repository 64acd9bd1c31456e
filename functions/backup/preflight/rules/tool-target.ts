import {
  definePreflightRule,
  notChecked,
  type PreflightVerdict,
  pass,
  refuse,
  warn,
} from '../preflight-rule.ts';

/**
 * The tool writes to the bucket that the chart names, and drydock.yaml says where to look for the archive: of two that
 * differ the one is filled, and the other is found empty.
 *
 * Source: GitLab chart 9 and 10, charts/gitlab/charts/toolbox/templates/backup-job.yaml: BACKUP_BUCKET_NAME,
 * TMP_BUCKET_NAME.
 */
export const toolTarget = definePreflightRule({
  code: 'tool-target',
  title: 'The tool writes where drydock.yaml says',
  ifUnknown: 'go-on',
  concerns: 'job',
  fact: (facts) => facts.toolTarget,
  learn:
    'Compare global.appConfig.backups in the values with destination.bucket and tmpBucket in drydock.yaml.',
  judge: ({ backup, tmp }, { places }) => {
    const found = [...judgeBackup(backup, places.backup), ...judgeTmp(tmp, places.tmp)];
    return found.length > 0 ? found : [pass(`It writes to ${places.backup}.`)];
  },
});

const judgeBackup = (named: string | undefined, wished: string): PreflightVerdict[] => {
  if (named === undefined) {
    const message = 'The CronJob does not say to which bucket its tool writes.';
    return [notChecked(message, `See that global.appConfig.backups.bucket in the values is ${wished}.`)];
  }
  if (named === wished) return [];
  return [
    refuse(
      `The tool writes to ${named}, and drydock.yaml looks for archives in ${wished}.`,
      `Write global.appConfig.backups.bucket: ${wished} into the values, or correct destination.bucket in drydock.yaml.`,
    ),
  ];
};

/** A restore alone needs it, and asks for itself. */
const judgeTmp = (named: string | undefined, wished: string): PreflightVerdict[] =>
  named === undefined || named === wished
    ? []
    : [
        warn(
          `A restore would keep what it replaces in ${named}, and drydock.yaml says ${wished}.`,
          `Write global.appConfig.backups.tmpBucket: ${wished} into the values, or correct tmpBucket in drydock.yaml.`,
        ),
      ];
