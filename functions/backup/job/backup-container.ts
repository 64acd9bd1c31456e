/** Container of the chart's CronJob that makes the backup. */
export const BACKUP_CONTAINER = 'toolbox-backup';
