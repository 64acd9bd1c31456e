import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { CoreV1Api, V1Container, V1ContainerState, V1Pod } from '@kubernetes/client-node';
import type { PodNetwork } from '../network/pod-network.ts';
import { type ContainerLog, createContainerLog } from './container-log.ts';
import { expandCommand } from './expand-command.ts';
import { describeEnd, type ForcedEnd } from './forced-end.ts';
import { type AwsPlace, identifyPod } from './pod-identity.ts';
import { describePodStatus, type PodStanding, running, terminated, waiting } from './pod-status.ts';
import { type ContainerNetwork, runContainer } from './run-container.ts';
import { makeVolumes } from './volumes.ts';

export interface PodSurroundings {
  readonly core: CoreV1Api;
  readonly aws: AwsPlace;
  /** Takes volumes and homes of pods. */
  readonly folder: string;
  /** Variables of every container, `PATH` among them, and those of programs that play a container's. */
  readonly environment: (pod: V1Pod) => Readonly<Record<string, string>>;
  /** How this pod is to be ended, if at all. */
  readonly forcedEnd: (pod: V1Pod) => ForcedEnd | undefined;
  /** The clock of the node. */
  readonly now: () => Date;
  /** Without one, containers use the network of this machine as they like. */
  readonly network?: Pick<PodNetwork, 'command' | 'judge'> | undefined;
  /** Writes the status of a pod, however long that takes. */
  readonly report: (pod: V1Pod, status: ReturnType<typeof describePodStatus>) => Promise<void>;
}

export interface RunningPod {
  /** The log of a container, or why it has none. */
  log(container: string): ContainerLog | string;
  /** Ends what runs; resolves when it has ended. */
  stop(): Promise<void>;
}

const RETRY_MS = 500;

/**
 * Plays one pod from its start to its end: volumes, init containers one after the other, then its container, each a real
 * process under the role of its ServiceAccount. Nothing starts a second time, whatever `restartPolicy` says, and of
 * several containers the first alone counts.
 */
export const runPod = (pod: V1Pod, around: PodSurroundings): RunningPod => {
  const ending = new AbortController();
  const logs = new Map<string, ContainerLog>();
  const play = playPod(pod, around, logs, ending);
  return {
    log: (container) =>
      logs.get(container) ?? `container "${container}" in pod is waiting to start: PodInitializing`,
    stop: async () => {
      ending.abort();
      await play;
    },
  };
};

const playPod = async (
  pod: V1Pod,
  around: PodSurroundings,
  logs: Map<string, ContainerLog>,
  ending: AbortController,
): Promise<void> => {
  const folder = join(around.folder, pod.metadata?.uid ?? '');
  const { now } = around;
  const startedAt = now();
  const states = new Map<string, V1ContainerState>();
  const report = (standing: Pick<PodStanding, 'phase'> & Partial<PodStanding>): Promise<void> =>
    around.report(pod, describePodStatus(pod, { startedAt, states, at: now(), ...standing }));
  const [main] = pod.spec?.containers ?? [];
  if (!main) return;
  await mkdir(join(folder, 'home'), { recursive: true });
  try {
    states.set(main.name, waiting('ContainerCreating'));
    await report({ phase: 'Pending' });
    const forced = around.forcedEnd(pod);
    if (forced?.kind === 'unpullable') {
      states.set(
        main.name,
        waiting('ImagePullBackOff', `Back-off pulling image "${main.image}": manifest unknown`),
      );
      return await report({ phase: 'Pending' });
    }
    const { volumes, identity } = await prepare(pod, around, folder, ending.signal);
    const given = { ...around.environment(pod), ...identity, HOME: join(folder, 'home') };

    const run = async (container: V1Container, phase: 'Pending' | 'Running'): Promise<number> => {
      const log = createContainerLog(() => now().getTime());
      logs.set(container.name, log);
      const began = now();
      states.set(container.name, running(began));
      await report({ phase });
      const killing = new AbortController();
      const onLine = (line: string): void => {
        if (phase === 'Running' && forced && line.includes(forced.atLine)) killing.abort('SIGKILL');
      };
      const mounts = new Map(
        (container.volumeMounts ?? []).map(({ name, mountPath }) => [mountPath, volumes.get(name) ?? '']),
      );
      const command = expandCommand(container, given, mounts);
      const env = { ...command.env, TOOLBOX_MOUNTS: JSON.stringify(Object.fromEntries(mounts)) };
      const signal = AbortSignal.any([ending.signal, killing.signal]);
      const network = around.network && joinNetwork(around.network, pod);
      const code = await runContainer({ ...command, env }, { folder, log, onLine, network }, signal);
      log.end();
      const isForced = killing.signal.aborted && forced;
      const reason = isForced ? describeEnd(forced, main).containerReason : undefined;
      states.set(container.name, terminated(code, { startedAt: began, finishedAt: now() }, reason));
      if (isForced) await report({ phase: 'Failed', ...describeEnd(forced, main).pod });
      return isForced ? Number.NaN : code;
    };

    for (const container of pod.spec?.initContainers ?? []) {
      if ((await run(container, 'Pending')) !== 0) return await report({ phase: 'Failed' });
    }
    const code = await run(main, 'Running');
    if (!Number.isNaN(code)) await report({ phase: code === 0 ? 'Succeeded' : 'Failed' });
  } catch (error) {
    // A defect of this kubelet must show at the pod, and end nothing else.
    const message = error instanceof Error ? error.message : String(error);
    if (!ending.signal.aborted) await report({ phase: 'Failed', reason: 'RunContainerError', message });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** A network that can not judge lets nothing out. */
const joinNetwork = (
  { command, judge }: Pick<PodNetwork, 'command' | 'judge'>,
  pod: V1Pod,
): ContainerNetwork => ({
  command,
  answer: async (question) => {
    const [host = '', port] = question.split(' ');
    return judge(pod, { host, port: Number(port) }).catch(() => 'drop');
  },
});

/** Until everything is there that a container needs: a Secret may come later, and an API server back. */
const prepare = async (
  pod: V1Pod,
  { core, aws }: PodSurroundings,
  folder: string,
  signal: AbortSignal,
): Promise<{ volumes: ReadonlyMap<string, string>; identity: Record<string, string> }> => {
  for (;;) {
    try {
      const volumes = await makeVolumes(core, pod, join(folder, 'volumes'));
      return { volumes, identity: await identifyPod(core, pod, aws, folder) };
    } catch {
      await delay(RETRY_MS, undefined, { signal });
    }
  }
};
