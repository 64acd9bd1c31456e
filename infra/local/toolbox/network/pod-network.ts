import { devNull } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { KubeConfig, NetworkingV1Api, type V1Pod } from '@kubernetes/client-node';
import { execa } from 'execa';
import * as z from 'zod';
import { ensurePythonEnvironment } from '../../python-environment.ts';
import type { Report } from '../../report.ts';
import { type Destination, isLetOut } from './network-policy.ts';

/** What is the matter with the network of pods, chosen by a test or the tour. */
export const PodNetworkTroubles = z.strictObject({
  /**
   * `enforced`: from the first connection of a pod. `ignored`: never, as by a network plugin whose agent is off. `late`:
   * from the second one to the same address, as where an agent works out the rules of a pod that runs already. Counted
   * and not timed, so that a busy machine makes no difference.
   */
  policies: z.enum(['enforced', 'ignored', 'late']).default('enforced'),
  /** `host:port` where nobody answers, whatever the policies say: a server that is down, a route that is gone. */
  silent: z.array(z.string()).default([]),
});
export type PodNetworkTroubles = z.output<typeof PodNetworkTroubles>;

/** What becomes of an attempt to connect, in the words of `pod-network.py`. */
export type Verdict = 'allow' | 'drop' | 'unroutable';

/**
 * The network of pods: each process of a container asks before it connects, and is answered by the NetworkPolicies that
 * stand in the API server at that moment. Whatever is none of this machine has no route, and no name is looked up: no
 * pod of the local world gets to the internet.
 *
 * Left out: ingress (of pods, web pods alone answer, and those by a port of this machine), IPv6, UDP, and pods that kwok
 * plays, which connect to nothing. `pod-network.py` says how it is done, and what passes by it. Only on Linux.
 */
export interface PodNetwork {
  trouble(troubles: z.input<typeof PodNetworkTroubles>): void;
  /** What runs the command of a container; the command stands behind it. */
  readonly command: readonly string[];
  judge(pod: V1Pod, destination: Destination): Promise<Verdict>;
}

const PROGRAM = fileURLToPath(new URL('./pod-network.py', import.meta.url));
const NAMES_PORT = 53;
/** Of the pods that answer at the sign-in page, each in the namespace of whoever asks. */
const WEB_LABELS = { app: 'webservice' };

/**
 * @param webPort at which the web pods of all namespaces answer.
 * @throws Error when this machine lets nobody watch the connections of a process.
 */
export const openPodNetwork = async (
  kubeconfig: string,
  webPort: number,
  report: Report,
): Promise<PodNetwork> => {
  const problem = await findNetworkProblem(report);
  if (problem !== undefined) throw new Error(problem);
  const command = await findCommand(report);
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const api = config.makeApiClient(NetworkingV1Api);
  let troubles = PodNetworkTroubles.parse({});

  const tried = new Set<string>();
  const isCarriedOut = ({ metadata }: V1Pod, { host, port }: Destination): boolean => {
    const attempt = `${metadata?.uid} ${host}:${port}`;
    const isFirst = !tried.has(attempt);
    tried.add(attempt);
    return troubles.policies === 'enforced' || (troubles.policies === 'late' && !isFirst);
  };
  return {
    command,
    trouble: (wanted) => {
      troubles = PodNetworkTroubles.parse(wanted);
    },
    judge: async (pod, destination) => {
      const { host, port } = destination;
      if (!host.startsWith('127.') || port === NAMES_PORT) return 'unroutable';
      if (troubles.silent.includes(`${host}:${port}`)) return 'drop';
      if (!isCarriedOut(pod, destination)) return 'allow';
      const { namespace = '', labels = {} } = pod.metadata ?? {};
      const { items } = await api.listNamespacedNetworkPolicy({ namespace });
      const isWeb = host === '127.0.0.1' && port === webPort;
      const there = isWeb ? { ...destination, pod: { namespace, labels: WEB_LABELS } } : destination;
      return isLetOut(items, { namespace, labels }, there) ? 'allow' : 'drop';
    },
  };
};

/**
 * Why pods can not be kept to policies on this machine; undefined where they can. A channel at which nobody answers makes
 * every connection unroutable: so that is what a probe must meet.
 */
export const findNetworkProblem = async (report: Report): Promise<string | undefined> => {
  const probe = ['bash', '-c', 'exec 3<>/dev/tcp/127.0.0.1/9'];
  const { stderr, exitCode } = await execa(
    'bash',
    ['-c', `exec "$@" 3<>${devNull}`, 'bash', ...(await findCommand(report)), ...probe],
    { reject: false, env: { LC_ALL: 'C' } },
  );
  if (exitCode !== 0 && stderr.includes('Network is unreachable')) return undefined;
  const [said] = stderr.trim().split('\n');
  return `Pods can not be kept to NetworkPolicies on this machine, which takes Linux and seccomp(2): ${said}`;
};

const findCommand = async (report: Report): Promise<readonly string[]> => {
  const { bin } = await ensurePythonEnvironment(report);
  return [join(bin, 'python'), '-I', PROGRAM];
};
