import { definePreflightRule, pass, refuse } from '../preflight-rule.ts';

/**
 * Two backups at once share a volume that one node may mount, and the tool's scratch folder.
 *
 * Source: GitLab documentation, charts, "Backup and restore"; concurrencyPolicy does not count Jobs made by hand.
 */
export const otherBackup = definePreflightRule({
  code: 'other-backup',
  title: 'No other backup of this GitLab runs',
  ifUnknown: 'stop',
  concerns: 'job',
  fact: ({ running }) => running,
  learn: 'Give the role of the backup the right to list Jobs in the namespace of GitLab.',
  judge: (running, { backupId }) => {
    const others = running.filter((one) => one.backupId !== backupId);
    if (others.length === 0) return [pass('No other backup runs.')];
    return others.map(({ job, since, startedBy }) =>
      refuse(
        `Job ${job} makes a backup since ${since}, started by ${STARTED_BY[startedBy]}.`,
        'Wait for its end, or delete that Job when it hangs.',
      ),
    );
  },
});

const STARTED_BY = { drydock: 'Drydock', schedule: 'the CronJob', hand: 'hand' } as const;
