import { StopExecutionCommand } from '@aws-sdk/client-sfn';
import {
  AppsV1Api,
  BatchV1Api,
  CoreV1Api,
  NetworkingV1Api,
  type V1NetworkPolicySpec,
} from '@kubernetes/client-node';
import { expect } from 'vitest';
import * as z from 'zod';
import { DRILL_LABEL } from '../../../functions/backup/drill/drill-label.ts';
import { DrillRun, drillLock, drillRunKey } from '../../../functions/records/backup/drill.ts';
import { LastDrill, lastDrillKey } from '../../../functions/records/backup/last-drill.ts';
import { Lock, lockKey } from '../../../functions/records/lock.ts';
import { Notice } from '../../../functions/records/message.ts';
import { SCRATCH } from '../../../infra/local/gitlab-release/names.ts';
import type { LocalScratch } from '../../../infra/local/gitlab-release/scratch/start-scratch.ts';
import type { PodNetworkTroubles } from '../../../infra/local/toolbox/network/pod-network.ts';
import { ENVIRONMENT } from '../../../infra/local/world/configuration.ts';
import { loadKubeconfig } from '../admin-connection.ts';
import type { TestWorld } from './test-world.ts';
import { waitFor } from './wait-for.ts';

/** What the machine says at its end. */
const Ended = z.looseObject({ outcome: z.string(), reasons: z.array(z.string()) });

/** Two probes, a restore, its checks and the destruction, on a busy machine. */
const WHOLE_DRILL_MS = 280_000;

/** What stands in the place of drills, and what must not when one is over. */
export interface Standing {
  /** Of every workload that is not at 0. */
  readonly awake: Readonly<Record<string, number>>;
  readonly policies: readonly string[];
  /** Of drills, and of anybody else as long as they run: those of a restore stay for a while, for their logs. */
  readonly jobs: readonly string[];
}

/** Drills of a world with a scratch, as schedules start them and people look at them. */
export const viewDrills = (world: () => TestWorld) => {
  const { namespace } = SCRATCH;
  const api = () => {
    const config = loadKubeconfig(world().cluster.kubeconfig);
    return {
      apps: config.makeApiClient(AppsV1Api),
      batch: config.makeApiClient(BatchV1Api),
      core: config.makeApiClient(CoreV1Api),
      networking: config.makeApiClient(NetworkingV1Api),
    };
  };
  const network = () => {
    const found = world().gitlabRelease?.toolbox.network;
    if (!found) throw new Error('The world has pods that are kept to NetworkPolicies.');
    return found;
  };
  const read = async <S extends z.ZodType>(schema: S, key: string): Promise<z.output<S>> =>
    schema.parse(JSON.parse(await world().ledger.read(key)));

  const drills = {
    scratch: (): LocalScratch => {
      const found = world().gitlabRelease?.scratch;
      if (!found) throw new Error('The world has a scratch.');
      return found;
    },
    start: (request: object = {}): Promise<string> => {
      const machine = world().site.backup?.drill?.machine;
      if (machine === undefined) throw new Error('The world has a machine of drills.');
      return world().executions.start(machine, { environment: ENVIRONMENT, ...request });
    },
    /** @throws an assertion for an execution that did not succeed. */
    end: async (arn: string) => {
      const ended = await waitFor(
        `${arn} has ended`,
        async () => {
          const execution = await world().executions.describe(arn);
          return execution.status !== 'RUNNING' && execution;
        },
        WHOLE_DRILL_MS,
      );
      const { status, output = '{}', error, cause } = ended;
      expect({ status, error, cause }).toEqual({ status: 'SUCCEEDED' });
      return Ended.parse(JSON.parse(output));
    },
    stop: (arn: string) =>
      world().executions.sfn.send(new StopExecutionCommand({ executionArn: arn, cause: 'a test' })),
    run: (): Promise<DrillRun> => read(DrillRun, drillRunKey(ENVIRONMENT)),
    last: (): Promise<LastDrill> => read(LastDrill, lastDrillKey(ENVIRONMENT)),
    /** Waits until the drill is at a step that holds. */
    until: (what: string, holds: (run: DrillRun) => boolean | Promise<boolean>): Promise<DrillRun> =>
      waitFor(
        what,
        async () => {
          const run = await drills.run().catch(() => undefined);
          return run && (await holds(run)) && run;
        },
        WHOLE_DRILL_MS,
      ),
    isFree: async (): Promise<boolean> => (await read(Lock, lockKey(drillLock(ENVIRONMENT)))).owner === null,
    /** Every message about an execution, once there is one of drills. */
    told: (arn: string): Promise<Notice[]> =>
      waitFor(`${arn} is told`, async () => {
        const messages = (await world().notices()).filter(({ Message }) => Message.includes(arn));
        const all = messages.map(({ Message }) => Notice.parse(JSON.parse(Message.split('\n').at(-1) ?? '')));
        const notices = all.filter(({ target }) => target === 'drill');
        return notices.length > 0 && notices;
      }),
    standing: async (): Promise<Standing> => {
      const { apps, batch, networking } = api();
      const [deployments, statefulSets, policies, jobs] = await Promise.all([
        apps.listNamespacedDeployment({ namespace }),
        apps.listNamespacedStatefulSet({ namespace }),
        networking.listNamespacedNetworkPolicy({ namespace }),
        batch.listNamespacedJob({ namespace }),
      ]);
      const nameOf = ({ metadata }: { readonly metadata?: { readonly name?: string } }) =>
        metadata?.name ?? '';
      const awake = [...deployments.items, ...statefulSets.items].filter(
        ({ spec, status }) => (spec?.replicas ?? 1) + (status?.replicas ?? 0) > 0,
      );
      return {
        awake: Object.fromEntries(awake.map((one) => [nameOf(one), one.spec?.replicas ?? 1])),
        policies: policies.items.map(nameOf),
        jobs: jobs.items
          .filter(({ metadata, status }) => metadata?.labels?.[DRILL_LABEL] !== undefined || status?.active)
          .map(nameOf),
      };
    },
    /** Scales a Deployment of the place, as somebody does who knows nothing of the drill. */
    scale: async (name: string, replicas: number): Promise<void> => {
      const { apps } = api();
      const body = await apps.readNamespacedDeployment({ namespace, name });
      if (body.spec) body.spec.replicas = replicas;
      await apps.replaceNamespacedDeployment({ namespace, name, body });
    },
    addPolicy: async (name: string, spec: V1NetworkPolicySpec): Promise<void> => {
      await api().networking.createNamespacedNetworkPolicy({ namespace, body: { metadata: { name }, spec } });
    },
    removePolicy: async (name: string): Promise<void> => {
      await api().networking.deleteNamespacedNetworkPolicy({ namespace, name });
    },
    network: (troubles: Partial<PodNetworkTroubles>): void => network().trouble(troubles),
    /** Where web pods answer, for `silent`. */
    web: (): string => network().web,
    /** When somebody outside was reached. */
    heard: (): readonly Date[] => world().outside?.connections() ?? [],
  };
  return drills;
};
