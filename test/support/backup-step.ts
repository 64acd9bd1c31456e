import type { BackupSubject } from '../../functions/backup/backup-subject.ts';
import { openSetStore } from '../../functions/backup/sets/set-store.ts';
import type { SetReference } from '../../functions/records/backup/run.ts';
import type { BackupSet } from '../../functions/records/backup/set.ts';
import { Backup } from '../../functions/records/configuration/backup.ts';
import type { Execution } from '../../functions/records/execution.ts';
import { createFixedClock } from './fixed-clock.ts';
import { createMemoryLedger } from './memory-ledger.ts';

/** One run of a backup as a step of it finds it: its set, its policy, and a ledger of its own. */

export const RUN_TIME = '2026-11-21T03:00:05.000Z';

export const RUN_SET: SetReference = {
  environment: 'production',
  policy: 'daily',
  id: '1795230005_2026_11_21_18.10.0-ee',
};

export const RUN_EXECUTION: Execution = {
  arn: 'arn:aws:states:eu-central-1:111122223333:execution:backup:daily-1795230005',
  name: 'daily-1795230005',
  startedAt: RUN_TIME,
};

/** What a step takes. */
export const RUN_INPUT = { execution: RUN_EXECUTION, set: RUN_SET };

/** A policy as drydock.yaml has it; `more` is of its environment. */
export const buildSubject = (policy: object = {}, more: object = {}): BackupSubject => {
  const { environments } = Backup.parse({
    environments: {
      production: {
        role: 'arn:aws:iam::111122223333:role/gitlab-toolbox',
        destination: { bucket: 'acme-backups', kmsKey: 'alias/archives' },
        tmpBucket: 'acme-tmp',
        secrets: { bucket: 'acme-secrets', kmsKey: 'alias/secrets' },
        policies: { daily: { schedule: 'cron(0 3 * * ? *)', ...policy } },
        ...more,
      },
    },
  });
  const settings = environments['production'];
  const policySettings = settings?.policies['daily'];
  if (!settings || !policySettings) throw new Error('The fixture has a policy daily of production.');
  return {
    environment: 'production',
    policy: 'daily',
    settings,
    policySettings,
    cluster: 'shop',
    region: 'eu-central-1',
    account: '111122223333',
  };
};

/** A set that is being made. */
export const buildRunningSet = (changes: Partial<BackupSet> = {}): BackupSet => ({
  version: 1,
  ...RUN_SET,
  kind: 'tar',
  state: 'running',
  skip: [],
  execution: RUN_EXECUTION,
  gitlabVersion: '18.10.0-ee',
  startedAt: RUN_TIME,
  timings: {},
  parts: [],
  needs: [],
  copies: [],
  ...changes,
});

/** A ledger in which that set lies, its store, and a clock at its beginning. */
export const openRun = async (set: BackupSet = buildRunningSet()) => {
  const ledger = createMemoryLedger();
  const clock = createFixedClock(RUN_TIME);
  const sets = openSetStore({ ledger, clock, policiesOf: () => ['daily'] });
  await sets.open(set);
  return { ledger, sets, clock };
};
