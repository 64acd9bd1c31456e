/**
 * The Kubernetes groups of our capabilities: an access entry maps the role of each to its group, and the Role that ships
 * to users is bound to it.
 */
export const DEPLOYMENT_GROUP = 'drydock:deployment';
/** Reads what an upgrade would break, and changes nothing. */
export const UPGRADE_GROUP = 'drydock:upgrade';
/** Starts the backup of GitLab's toolbox, and watches it. */
export const BACKUP_GROUP = 'drydock:backup';
/** Looks whether a backup may begin, and changes nothing. */
export const BACKUP_PREFLIGHT_GROUP = 'drydock:backup-preflight';
/** Reads the Secrets of a GitLab by name, and its Helm release; it starts nothing. */
export const BACKUP_SECRETS_GROUP = 'drydock:backup-secrets';
/** Scales a GitLab down and up, and starts the Jobs of its restore. */
export const RESTORE_GROUP = 'drydock:restore';
/** Looks at the same for a plan, and changes nothing. */
export const RESTORE_PLAN_GROUP = 'drydock:restore-plan';
/** Writes the Secrets of a GitLab by name, as a restore puts them back; it does nothing else. */
export const RESTORE_SECRETS_GROUP = 'drydock:restore-secrets';
/** Closes, wakes and empties the place of a drill. */
export const DRILL_GROUP = 'drydock:drill';
