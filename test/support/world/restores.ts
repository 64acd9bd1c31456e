import { SendTaskSuccessCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { AppsV1Api, BatchV1Api, CoreV1Api, RbacAuthorizationV1Api } from '@kubernetes/client-node';
import { expect } from 'vitest';
import * as z from 'zod';
import { RESTORE_ACCESS_NAME } from '../../../functions/backup/restore-access.ts';
import { RestoreRun, restoreLock, restoreRunKey } from '../../../functions/records/backup/restore.ts';
import type { RestoreChoiceWord } from '../../../functions/records/backup/restore-choice.ts';
import { backupLock } from '../../../functions/records/backup/set.ts';
import { Lock, lockKey } from '../../../functions/records/lock.ts';
import { Notice } from '../../../functions/records/message.ts';
import { GITLAB } from '../../../infra/local/gitlab-release/names.ts';
import { ENVIRONMENT } from '../../../infra/local/world/configuration.ts';
import { loadKubeconfig } from '../admin-connection.ts';
import type { TestWorld } from './test-world.ts';
import { waitFor } from './wait-for.ts';

/** What the machine says at its end. */
const Ended = z.looseObject({ outcome: z.string(), reasons: z.array(z.string()) });

/** A restore of the newest set over the GitLab of the world, asked for by Ada. */
export const RESTORE_REQUEST = {
  environment: ENVIRONMENT,
  target: ENVIRONMENT,
  confirm: ENVIRONMENT,
  by: 'Ada',
  why: 'a test',
  dryRun: false,
};

/** A safety backup, a restore and its checks on a busy machine. */
const WHOLE_RESTORE_MS = 180_000;
const SCALE = {
  apiGroups: ['apps'],
  resources: ['deployments/scale', 'statefulsets/scale'],
  verbs: ['patch'],
};

/** Restores of a world with a GitLab, as people start, approve and look at them. */
export const viewRestores = (world: () => TestWorld) => {
  const { namespace } = GITLAB;
  const api = () => {
    const config = loadKubeconfig(world().cluster.kubeconfig);
    return {
      apps: config.makeApiClient(AppsV1Api),
      batch: config.makeApiClient(BatchV1Api),
      core: config.makeApiClient(CoreV1Api),
    };
  };
  const nameOf = (arn: string): string => arn.split(':').at(-1) ?? '';
  const send = (taskToken: string, output: unknown) =>
    world().executions.sfn.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(output) }));
  const listNotices = async (arn: string): Promise<Notice[]> =>
    (await world().notices())
      .filter(({ Message }) => Message.includes(arn))
      .map(({ Message }) => Notice.parse(JSON.parse(Message.split('\n').at(-1) ?? '')));
  const tokenOf = ({ command = '' }: Notice): string => /--task-token '([^']+)'/.exec(command)?.[1] ?? '';
  const owner = async (name: string): Promise<string | null | undefined> => {
    const stored = await world()
      .ledger.read(lockKey(name))
      .catch(() => undefined);
    return stored === undefined ? undefined : Lock.parse(JSON.parse(stored)).owner;
  };

  const restores = {
    /** Names of the Jobs that are there. */
    jobs: async (): Promise<string[]> =>
      (await api().batch.listNamespacedJob({ namespace })).items.map(({ metadata }) => metadata?.name ?? ''),
    start: (request: object = {}): Promise<string> => {
      const machine = world().site.backup?.restore?.machine;
      if (machine === undefined) throw new Error('The world has a GitLab that can be restored.');
      return world().executions.start(machine, { ...RESTORE_REQUEST, ...request });
    },
    /** @throws an assertion for an execution that did not succeed. */
    end: async (arn: string) => {
      const {
        status,
        output = '{}',
        error,
        cause,
      } = await waitFor(
        `${arn} has ended`,
        async () => {
          const execution = await world().executions.describe(arn);
          return execution.status !== 'RUNNING' && execution;
        },
        WHOLE_RESTORE_MS,
      );
      expect({ status, error, cause }).toEqual({ status: 'SUCCEEDED' });
      return Ended.parse(JSON.parse(output));
    },
    stop: (arn: string) =>
      world().executions.sfn.send(new StopExecutionCommand({ executionArn: arn, cause: 'a test' })),
    /** The token and the plan of the message that asks for its approval. */
    asked: (arn: string) =>
      waitFor(`somebody is asked to approve ${nameOf(arn)}`, async () => {
        const { status, output, error, cause } = await world().executions.describe(arn);
        expect({ status, output, error, cause }).toMatchObject({ status: 'RUNNING' });
        const notice = (await listNotices(arn)).find(({ outcome }) => outcome === 'approval-wanted');
        const plan = /"plan":"([^"]+)"/.exec(notice?.command ?? '')?.[1];
        return notice && plan !== undefined && { taskToken: tokenOf(notice), plan };
      }),
    send,
    approve: async (arn: string, by = 'Grace'): Promise<void> => {
      const { taskToken, plan } = await restores.asked(arn);
      await send(taskToken, { plan, by });
    },
    /** The pages of a run that is held, once there is one more than `known`. */
    pages: (arn: string, known = 0): Promise<Notice[]> =>
      waitFor(`${nameOf(arn)} is held`, async () => {
        const { status, output, error, cause } = await world().executions.describe(arn);
        expect({ status, output, error, cause }).toMatchObject({ status: 'RUNNING' });
        const held = (await listNotices(arn)).filter(({ outcome }) => outcome === 'held');
        return held.length > known && held;
      }),
    choose: async (page: Notice, choice: RestoreChoiceWord): Promise<void> => {
      const { id } = await restores.run();
      await send(tokenOf(page), { restore: id, choice, by: 'Grace', why: 'a test' });
    },
    /** What was told of an execution, by its outcome. */
    told: async (arn: string): Promise<string[]> => (await listNotices(arn)).map(({ outcome }) => outcome),
    run: async (): Promise<RestoreRun> =>
      RestoreRun.parse(JSON.parse(await world().ledger.read(restoreRunKey(ENVIRONMENT)))),
    /** Waits until the run is at a step that holds. */
    until: (what: string, holds: (run: RestoreRun) => boolean): Promise<RestoreRun> =>
      waitFor(what, async () => {
        const run = await restores.run().catch(() => undefined);
        return run && holds(run) && run;
      }),
    isFree: async (): Promise<boolean> =>
      [await owner(restoreLock(ENVIRONMENT)), await owner(backupLock(ENVIRONMENT))].every(
        (one) => one === null,
      ),
    /** Gives the right to scale, or takes it away, as an administrator of the cluster. */
    mayScale: async (may: boolean): Promise<void> => {
      const rbac = loadKubeconfig(world().cluster.kubeconfig).makeApiClient(RbacAuthorizationV1Api);
      const role = { namespace, name: RESTORE_ACCESS_NAME };
      const body = await rbac.readNamespacedRole(role);
      const others = (body.rules ?? []).filter(
        ({ resources = [] }) => !resources.includes(SCALE.resources[0] ?? ''),
      );
      body.rules = may ? [...others, SCALE] : others;
      await rbac.replaceNamespacedRole({ ...role, body });
    },
    /** Replicas of each workload, and whether each CronJob is suspended. */
    standing: async (): Promise<Record<string, number | boolean>> => {
      const { apps, batch } = api();
      const [deployments, statefulSets, cronJobs] = await Promise.all([
        apps.listNamespacedDeployment({ namespace }),
        apps.listNamespacedStatefulSet({ namespace }),
        batch.listNamespacedCronJob({ namespace }),
      ]);
      return Object.fromEntries([
        ...[...deployments.items, ...statefulSets.items].map(({ metadata, spec }) => [
          metadata?.name ?? '',
          spec?.replicas ?? 1,
        ]),
        ...cronJobs.items.map(({ metadata, spec }) => [metadata?.name ?? '', spec?.suspend ?? false]),
      ]);
    },
    /** The version of every object that a restore could touch: equal while nobody has written one. */
    versions: async (): Promise<Record<string, string>> => {
      const { apps, batch, core } = api();
      const lists = await Promise.all([
        apps.listNamespacedDeployment({ namespace }),
        apps.listNamespacedStatefulSet({ namespace }),
        batch.listNamespacedCronJob({ namespace }),
        batch.listNamespacedJob({ namespace }),
        core.listNamespacedSecret({ namespace }),
      ]);
      const objects = lists.flatMap(({ items }) => items.map(({ metadata }) => metadata));
      return Object.fromEntries(
        objects.map((metadata) => [metadata?.uid ?? '', metadata?.resourceVersion ?? '']),
      );
    },
  };
  return restores;
};
