import { AppsV1Api, type V1Deployment } from '@kubernetes/client-node';
import { TargetEntry, targetHistoryPrefix } from '../../../functions/records/decision.ts';
import { TargetState, targetStateKey } from '../../../functions/records/target-state.ts';
import { pushImage } from '../../../infra/local/registry/push.ts';
import { ENVIRONMENT, NAMESPACE, type TargetSettings } from '../../../infra/local/world/configuration.ts';
import type { World } from '../../../infra/local/world/start-world.ts';
import { loadKubeconfig } from '../admin-connection.ts';
import { type Delivery, subscribe, viewExecutions, viewLedger } from './aws-views.ts';
import { waitFor } from './wait-for.ts';

/** The local world as a test drives it: a registry to push to, a cluster to look at, and all that was written. */
export interface TestWorld extends World {
  readonly apps: AppsV1Api;
  readonly ledger: ReturnType<typeof viewLedger>;
  readonly executions: ReturnType<typeof viewExecutions>;
  /** What people and systems were told so far. */
  readonly notices: () => Promise<readonly Delivery[]>;
  /** Pushes an image to `shop/<name>`; the registry tells the webhook. */
  readonly push: (name: string, tag: string, content?: string) => Promise<{ digest: string }>;
  /** Makes a Deployment `shop/<name>` of an image, with a container of the same name, and waits until it is there. */
  readonly deploy: (name: string, image: string, replicas?: number) => Promise<void>;
  /** Makes a Deployment `shop/<name>` that runs a pushed image, pinned, and waits until it is there. */
  readonly run: (name: string, tag: string, replicas?: number) => Promise<{ digest: string }>;
  /** The image that the Deployment `shop/<name>` names now. */
  readonly image: (name: string) => Promise<string>;
  readonly history: (target: string) => Promise<readonly TargetEntry[]>;
  readonly state: (target: string) => Promise<TargetState | undefined>;
}

/** A target of the test's own: Deployment `shop/<name>`, image `shop/<name>`, any version, acting. */
export const target = (
  host: string,
  name: string,
  overrides: Partial<TargetSettings> = {},
): TargetSettings => ({
  environment: ENVIRONMENT,
  workload: { kind: 'Deployment', namespace: NAMESPACE, name },
  container: name,
  image: `${host}/shop/${name}`,
  policy: { type: 'semver', range: '>=1.0.0-0' },
  mode: 'act',
  ...overrides,
});

/** Equips a running world with what a test or a measurement does to it. */
export const driveWorld = async (world: World): Promise<TestWorld> => {
  const apps = loadKubeconfig(world.cluster.kubeconfig).makeApiClient(AppsV1Api);
  const ledger = viewLedger(world);
  const notices = await subscribe(world);
  const push: TestWorld['push'] = (name, tag, content = tag) =>
    pushImage({ registry: world.registry, repository: `shop/${name}`, tag, content });
  const deploy: TestWorld['deploy'] = async (name, image, replicas = 2) => {
    await apps.createNamespacedDeployment({ namespace: NAMESPACE, body: describe(name, image, replicas) });
    await waitFor(`${name} is available`, async () => {
      const { status } = await apps.readNamespacedDeployment({ namespace: NAMESPACE, name });
      return status?.availableReplicas === replicas;
    });
  };
  return {
    ...world,
    apps,
    ledger,
    executions: viewExecutions(world),
    notices,
    push,
    deploy,
    run: async (name, tag, replicas) => {
      const pushed = await push(name, tag);
      await deploy(name, `${world.registry.host}/shop/${name}:${tag}@${pushed.digest}`, replicas);
      return pushed;
    },
    image: async (name) => {
      const { spec } = await apps.readNamespacedDeployment({ namespace: NAMESPACE, name });
      return spec?.template.spec?.containers[0]?.image ?? '';
    },
    history: (name) => ledger.records(TargetEntry, targetHistoryPrefix(name)),
    state: async (name) => (await ledger.records(TargetState, targetStateKey(name)))[0],
  };
};

const describe = (name: string, image: string, replicas: number): V1Deployment => ({
  metadata: { name },
  spec: {
    replicas,
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec: { containers: [{ name, image }] } },
  },
});
