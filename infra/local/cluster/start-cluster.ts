import { mkdir, readFile, rm } from 'node:fs/promises';
import { get } from 'node:https';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { CoreV1Api, KubeConfig } from '@kubernetes/client-node';

import { type RunningChild, startChild } from '../child-processes.ts';
import { findFreePorts } from '../free-port.ts';
import { formatDuration, type Report } from '../report.ts';
import { endStaleChildren } from '../stale-children.ts';
import { ensureControlPlane } from './build-control-plane.ts';
import * as plane from './control-plane.ts';
import { describeNode } from './nodes.ts';
import { writePodConfiguration } from './pods.ts';

export interface StartCluster {
  /** Takes certificates, etcd's store and the logs. What an earlier cluster left in it is removed. */
  readonly folder: string;
  /** The name EKS would know it by. */
  readonly name?: string;
  /** Where bearer tokens are reviewed, as the EKS stand-in does; without it only local identities exist. */
  readonly tokenWebhookUrl?: string;
  /** How long the webhook's answers are kept; the API server itself believes a good one for 10 s whatever is set. */
  readonly tokenCacheSeconds?: number;
  /** Nodes, spread over three zones. */
  readonly nodes?: number;
  /** Further flags of the API server, to serve what EKS served: `--runtime-config=storage.k8s.io/v1beta1=true`. */
  readonly apiServerFlags?: readonly string[];
  readonly report: Report;
}

export interface Cluster {
  readonly name: string;
  /** URL of the API server. */
  readonly endpoint: string;
  /** PEM in base64, as DescribeCluster gives it. */
  readonly certificateAuthority: string;
  /** Path of the kubeconfig of a cluster administrator. */
  readonly kubeconfig: string;
  stop(): Promise<void>;
}

export interface LocalCluster extends Cluster {
  /** The API server alone, to play its absence: `pause` leaves callers waiting, `kill` refuses them. */
  readonly apiServer: RunningChild;
}

/**
 * Starts a real control plane with nodes and pods played by kwok, on free loopback ports.
 *
 * @throws Error naming the part that did not start, with the end of its log; nothing is left running then.
 */
export const startCluster = async (options: StartCluster): Promise<LocalCluster> => {
  const { folder, report, name = 'local', nodes = 3 } = options;
  const { bin } = await ensureControlPlane(report);
  const started = performance.now();
  await mkdir(folder, { recursive: true });
  await endStaleChildren(folder, report);
  await Promise.all(
    ['etcd', 'pki', 'logs'].map((part) => rm(join(folder, part), { recursive: true, force: true })),
  );

  const control = await describeControlPlane(options, bin);
  await plane.writeControlPlaneFiles(control);
  const podConfiguration = await writePodConfiguration(folder, new Date());
  const children: RunningChild[] = [];
  const stop = async (): Promise<void> => {
    // In reverse: the API server ends before its store, and nobody logs that it is gone.
    for (const child of [...children].reverse()) await child.stop();
  };
  const start = async (
    part: string,
    args: string[],
    isReady: () => Promise<boolean>,
  ): Promise<RunningChild> => {
    const child = await startChild({ name: part, command: join(bin, part), args, folder, isReady });
    children.push(child);
    return child;
  };

  try {
    await start('etcd', plane.etcdArguments(control), () =>
      isAnswering(`http://127.0.0.1:${control.ports.etcd}/health`),
    );
    const core = () => connect(control.kubeconfig('admin'));
    const apiServer = await start('kube-apiserver', plane.apiServerArguments(control), () =>
      isServing(control),
    );
    const alive = async (): Promise<boolean> => true;
    await Promise.all([
      start('kube-controller-manager', plane.controllerManagerArguments(control), alive),
      start('kube-scheduler', plane.schedulerArguments(control), alive),
      start('kwok', plane.kwokArguments(control, podConfiguration), alive),
    ]);
    await addNodes(core(), nodes);
    await waitUntilUsable(core(), nodes, folder);
    report(
      `Kubernetes: ${name} ready on ${control.endpoint} after ${formatDuration(performance.now() - started)}`,
    );
    const certificate = await readFile(plane.apiServerCertificate(folder));
    return {
      name,
      endpoint: control.endpoint,
      certificateAuthority: certificate.toString('base64'),
      kubeconfig: control.kubeconfig('admin'),
      apiServer,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
};

const describeControlPlane = async (options: StartCluster, bin: string): Promise<plane.ControlPlane> => {
  const [etcd = 0, etcdPeer = 0, apiServer = 0, kubelet = 0] = await findFreePorts(4);
  return {
    bin,
    folder: options.folder,
    endpoint: `https://127.0.0.1:${apiServer}`,
    ports: { etcd, etcdPeer, apiServer, kubelet },
    tokenWebhookUrl: options.tokenWebhookUrl,
    tokenCacheSeconds: options.tokenCacheSeconds ?? 10,
    apiServerFlags: options.apiServerFlags ?? [],
    kubeconfig: (user) => join(options.folder, `${user}.kubeconfig`),
  };
};

const connect = (kubeconfig: string): CoreV1Api => {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  return config.makeApiClient(CoreV1Api);
};

const isAnswering = async (url: string): Promise<boolean> => (await fetch(url)).ok;

/** `/readyz` is green when the built-in roles exist; parts started before that are refused and back off. */
const isServing = async ({ endpoint, folder }: plane.ControlPlane): Promise<boolean> => {
  const ca = await readFile(plane.apiServerCertificate(folder));
  const status = await new Promise<number | undefined>((resolve, reject) => {
    get(`${endpoint}/readyz`, { ca }, (response) => resolve(response.resume().statusCode)).on(
      'error',
      reject,
    );
  });
  return status === 200;
};

const addNodes = async (core: CoreV1Api, count: number): Promise<void> => {
  const indexes = Array.from({ length: count }, (_, index) => index);
  await Promise.all(indexes.map((index) => core.createNode({ body: describeNode(index) })));
};

/** Pods are refused until the namespace has its service account, and wait until a node is ready. */
const waitUntilUsable = async (core: CoreV1Api, count: number, folder: string): Promise<void> => {
  const deadline = performance.now() + 60_000;
  while (performance.now() < deadline) {
    const { items } = await core.listNode();
    const ready = items.filter(
      (node) =>
        node.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') &&
        !node.spec?.taints?.length,
    );
    const account = await core
      .readNamespacedServiceAccount({ namespace: 'default', name: 'default' })
      .catch(() => undefined);
    if (ready.length === count && account) return;
    await delay(25);
  }
  throw new Error(`The cluster runs but its nodes do not get ready. See the logs in ${join(folder, 'logs')}`);
};
