import { pass, refuse } from '../../../preflight/preflight-rule.ts';
import { defineRestoreRule } from '../restore-rule.ts';

/** Whether now is the time: nobody else works there. */

export const notPaused = defineRestoreRule({
  code: 'not-paused',
  title: 'Nothing is paused here',
  ifUnknown: 'stop',
  mayOverride: false,
  fact: ({ pause }) => pause,
  learn: 'Look whether the ledger can be read.',
  judge: (verdict) =>
    verdict.ok
      ? [pass('Nothing is paused.')]
      : [
          refuse(
            `It is ${verdict.reason}.`,
            'Resume it first; a restore writes, so a pause holds it as well.',
          ),
        ],
});

export const noMaintenance = defineRestoreRule({
  code: 'no-maintenance',
  title: 'Nobody works on the cluster',
  ifUnknown: 'stop',
  mayOverride: true,
  fact: ({ maintenance }) => maintenance,
  learn: 'Look whether the ledger can be read.',
  judge: (maintenance, { now, target }) =>
    maintenance === undefined || Date.parse(maintenance.until) <= now.getTime()
      ? [pass(`Nobody works on cluster ${target.cluster}.`)]
      : [
          refuse(
            `Cluster ${target.cluster} is under maintenance until ${maintenance.until}: ${maintenance.why} (${maintenance.owner}).`,
            'Wait for its end: an upgrade moves pods, those of the restore among them.',
          ),
        ],
});

export const otherJob = defineRestoreRule({
  code: 'other-backup',
  title: 'No backup of this GitLab runs',
  ifUnknown: 'stop',
  mayOverride: false,
  fact: ({ running }) => running,
  learn: 'Give the role of the restore the right to list Jobs in the namespace of GitLab.',
  judge: (running) =>
    running.length === 0
      ? [pass('No backup runs.')]
      : running.map(({ job, since }) =>
          refuse(
            `Job ${job} makes a backup since ${since}.`,
            'Wait for its end, or delete it when it hangs.',
          ),
        ),
});
