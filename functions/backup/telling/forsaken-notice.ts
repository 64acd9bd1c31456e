import { BACKUP_ENVIRONMENT_PREFIX } from '../../records/backup/set-index.ts';
import type { Execution } from '../../records/execution.ts';
import type { Notice } from '../../records/message.ts';
import { linkExecution } from '../../rules/console-link.ts';
import type { ForsakenEnvironment } from '../upkeep/forsaken-environments.ts';

/**
 * The notice about sets that nobody keeps any more: not every night, since its id is that of the environment. It is told
 * again when the outbox has forgotten it.
 */
export const composeForsakenNotice = (
  { environment, sets }: ForsakenEnvironment,
  execution: Execution,
  now: Date,
): Notice => ({
  version: 1,
  id: `backup-forsaken-${environment}`,
  capability: 'backup',
  target: 'none',
  environment,
  outcome: 'environment-forsaken',
  severity: 'warning',
  happened: `${environment} is in the backups of drydock.yaml no more, and has ${sets} ${sets === 1 ? 'set' : 'sets'} still.`,
  matters: `Whoever may need the GitLab of ${environment} back, and whoever pays for its buckets.`,
  did: 'Left them as they are: they are read again, and deleted, by nobody.',
  next: `Write ${environment} back into backup.environments to keep them in order. Or delete what lies in its buckets when its lock is over.`,
  execution: { name: execution.name, arn: execution.arn, url: linkExecution(execution.arn) },
  stop: `When nothing of it is needed any more, remove ${BACKUP_ENVIRONMENT_PREFIX}${environment}/ from the ledger; otherwise this is told again in three months.`,
  reasons: [`Its sets stand below ${BACKUP_ENVIRONMENT_PREFIX}${environment}/policies/ of the ledger.`],
  at: now.toISOString(),
});
