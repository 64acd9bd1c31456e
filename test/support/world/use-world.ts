import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppsV1Api, type V1Deployment } from '@kubernetes/client-node';
import { afterAll, beforeAll } from 'vitest';
import { TargetEntry, targetHistoryPrefix } from '../../../functions/records/decision.ts';
import { TargetState, targetStateKey } from '../../../functions/records/target-state.ts';
import { pushImage } from '../../../infra/local/registry/push.ts';
import { ENVIRONMENT, NAMESPACE, type TargetSettings } from '../../../infra/local/world/configuration.ts';
import { startWorld, type World } from '../../../infra/local/world/start-world.ts';
import { loadKubeconfig } from '../admin-connection.ts';
import { type Delivery, subscribe, viewExecutions, viewLedger } from './aws-views.ts';
import { waitFor } from './wait-for.ts';

/** The local world as a test drives it: a registry to push to, a cluster to look at, and all that was written. */
export interface TestWorld extends World {
  readonly apps: AppsV1Api;
  readonly ledger: ReturnType<typeof viewLedger>;
  readonly executions: ReturnType<typeof viewExecutions>;
  /** What people and systems were told so far. */
  notices(): Promise<readonly Delivery[]>;
  /** Pushes an image to `shop/<name>`; the registry tells the webhook. */
  push(name: string, tag: string, content?: string): Promise<{ digest: string }>;
  /** Makes a Deployment `shop/<name>` that runs a pushed image, pinned, and waits until it is there. */
  run(name: string, tag: string, replicas?: number): Promise<{ digest: string }>;
  /** The image that the Deployment `shop/<name>` names now. */
  image(name: string): Promise<string>;
  history(target: string): Promise<readonly TargetEntry[]>;
  state(target: string): Promise<TargetState | undefined>;
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

/**
 * Starts a world for one test file and ends it afterwards.
 *
 * @param targets drydock.yaml's targets, given the registry's host.
 * @returns the world, once tests run.
 */
export const useWorld = (
  targets: (host: string) => Readonly<Record<string, TargetSettings>>,
  options: { readonly waitScale?: number } = {},
): (() => TestWorld) => {
  let world: TestWorld | undefined;
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'drydock-world-'));
    world = await drive(await startWorld({ folder, targets, report: () => undefined, ...options }));
  });
  afterAll(async () => {
    await world?.stop();
    await rm(folder, { recursive: true, force: true });
  });
  return () => {
    if (!world) throw new Error('The world is there once tests run.');
    return world;
  };
};

const drive = async (world: World): Promise<TestWorld> => {
  const apps = loadKubeconfig(world.cluster.kubeconfig).makeApiClient(AppsV1Api);
  const ledger = viewLedger(world);
  const notices = await subscribe(world);
  const push: TestWorld['push'] = (name, tag, content = tag) =>
    pushImage({ registry: world.registry, repository: `shop/${name}`, tag, content });
  return {
    ...world,
    apps,
    ledger,
    executions: viewExecutions(world),
    notices,
    push,
    run: async (name, tag, replicas = 2) => {
      const pushed = await push(name, tag);
      const image = `${world.registry.host}/shop/${name}:${tag}@${pushed.digest}`;
      await apps.createNamespacedDeployment({ namespace: NAMESPACE, body: describe(name, image, replicas) });
      await waitFor(`${name} ${tag} is available`, async () => {
        const { status } = await apps.readNamespacedDeployment({ namespace: NAMESPACE, name });
        return status?.availableReplicas === replicas;
      });
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
