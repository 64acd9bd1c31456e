import { StopExecutionCommand } from '@aws-sdk/client-sfn';
import { BatchV1Api } from '@kubernetes/client-node';
import { expect } from 'vitest';
import * as z from 'zod';
import { JobFact } from '../../../functions/backup/run/job-fact.ts';
import { backupRunKey } from '../../../functions/records/backup/run.ts';
import { BackupRunNote, backupRunNoteKey } from '../../../functions/records/backup/run-note.ts';
import { BackupSet, backupLock, backupSetKey } from '../../../functions/records/backup/set.ts';
import { BackupSetId } from '../../../functions/records/backup/set-id.ts';
import { JOB_ID_ANNOTATION } from '../../../functions/records/kubernetes-job.ts';
import { Lock, lockKey } from '../../../functions/records/lock.ts';
import { Notice } from '../../../functions/records/message.ts';
import { GITLAB } from '../../../infra/local/gitlab-release/names.ts';
import type { ToolboxTroubles } from '../../../infra/local/toolbox/troubles.ts';
import { ENVIRONMENT } from '../../../infra/local/world/configuration.ts';
import { loadKubeconfig } from '../admin-connection.ts';
import { waitForEnd } from './run-machine.ts';
import type { TestWorld } from './test-world.ts';
import { waitFor } from './wait-for.ts';

/** What the machine says at its end. */
const Ended = z.looseObject({
  outcome: z.string(),
  set: z.string().optional(),
  message: z.string(),
  reasons: z.array(z.string()),
});

/** Backups of a world with a GitLab, as a person starts and looks at them. */
export const viewBackups = (world: () => TestWorld) => {
  const batch = () => loadKubeconfig(world().cluster.kubeconfig).makeApiClient(BatchV1Api);
  const parse = async <S extends z.ZodType>(schema: S, key: string): Promise<z.output<S>> =>
    schema.parse(JSON.parse(await world().ledger.read(key)));
  const nameOf = (arn: string): string => arn.split(':').at(-1) ?? '';
  const note = (arn: string) => parse(BackupRunNote, backupRunNoteKey(nameOf(arn)));
  const backups = {
    start: (policy = 'daily'): Promise<string> => {
      const machine = world().site.backup?.machines.backup;
      if (machine === undefined) throw new Error('The world has a GitLab that is backed up.');
      return world().executions.start(machine, { environment: ENVIRONMENT, policy });
    },
    /** @throws an assertion for an execution that did not succeed. */
    end: async (arn: string) => {
      const { status, output = '{}', error, cause } = await waitForEnd(world(), arn);
      expect({ status, error, cause }).toEqual({ status: 'SUCCEEDED' });
      return Ended.parse(JSON.parse(output));
    },
    stop: (arn: string) =>
      world().executions.sfn.send(new StopExecutionCommand({ executionArn: arn, cause: 'a test' })),
    /** The set of an execution; throws before it has one. */
    set: async (arn: string): Promise<BackupSet> =>
      parse(BackupSet, backupSetKey(ENVIRONMENT, (await note(arn)).set?.id ?? '')),
    job: async (arn: string): Promise<JobFact> => {
      const { set } = await note(arn);
      return parse(JobFact, backupRunKey({ environment: ENVIRONMENT, id: set?.id ?? '' }, 'job'));
    },
    /** Waits until its tool has written something: a Job begins before its pod does, which may wait for a disk. */
    running: (arn: string): Promise<JobFact> =>
      waitFor('its tool is at work', async () => {
        const job = await backups.job(arn).catch(() => undefined);
        return job && job.log.characters > 0 ? job : undefined;
      }),
    /** Every message about an execution, once there is one. */
    told: (arn: string): Promise<Notice[]> =>
      waitFor(`${nameOf(arn)} is told`, async () => {
        const messages = (await world().notices()).filter(({ Message }) => Message.includes(arn));
        const notices = messages.map(({ Message }) =>
          Notice.parse(JSON.parse(Message.split('\n').at(-1) ?? '')),
        );
        const ours = notices.filter(({ capability }) => capability === 'backup');
        return ours.length > 0 && ours;
      }),
    isFree: async (): Promise<boolean> =>
      (await parse(Lock, lockKey(backupLock(ENVIRONMENT)))).owner === null,
    /** Jobs in the cluster that make sets, by the id of the set; none of those that only look. */
    jobs: async (): Promise<string[]> => {
      const { items } = await batch().listNamespacedJob({ namespace: GITLAB.namespace });
      const ids = items.flatMap(({ metadata }) => metadata?.annotations?.[JOB_ID_ANNOTATION] ?? []);
      return ids.filter((id) => BackupSetId.safeParse(id).success);
    },
    deleteJob: ({ name, namespace }: Pick<JobFact, 'name' | 'namespace'>) =>
      batch().deleteNamespacedJob({ name, namespace, propagationPolicy: 'Background' }),
    /** What goes wrong with pods that start from now on. */
    trouble: (troubles: z.input<typeof ToolboxTroubles>): void =>
      world().gitlabRelease?.toolbox.trouble(troubles),
  };
  return backups;
};
