import type { Pod, PodContainer } from '../../records/workload.ts';
import { BACKUP_CONTAINER } from './backup-job.ts';
import { sayWords } from './foreign-words.ts';
import type { JobFailure } from './job-failure.ts';

/** Says why a pod came to a bad end; undefined when nothing of it tells. */
export const explainPodEnd = (pod: Pod): JobFailure | undefined => {
  if (pod.reason === 'Evicted') return explainEviction(pod.message);
  const container = findFailed(pod);
  if (container?.state.reason === 'OOMKilled') return explainMemory(container);
  // Before the exit code: a container that is taken down with its node ends with 137 or 143 like any other.
  return explainDisruption(pod) ?? (container && explainExit(container));
};

/** The container of the backup before all others: it is what the rest is there for. */
const findFailed = ({ containers }: Pod): PodContainer | undefined => {
  const failed = containers.filter(({ state }) => state.type === 'terminated' && state.exitCode !== 0);
  return failed.find(({ name }) => name === BACKUP_CONTAINER) ?? failed[0];
};

/** k8s.io/kubernetes, pkg/kubelet/eviction: the resource that ran short, or the limit that was passed. */
const STORAGE = /ephemeral|emptydir|nodefs|imagefs|containerfs|inodes|disk/i;

const explainEviction = (said: string): JobFailure => {
  const isStorage = STORAGE.test(said);
  const what = isStorage ? 'its ephemeral storage ran out' : 'its node ran short';
  return {
    reason: isStorage ? 'ephemeral-storage' : 'evicted',
    message: `Its pod was evicted: ${what}${sayWords(said)}.`,
    remedy: isStorage
      ? 'Give it a volume (gitlab.toolbox.backups.cron.persistence.enabled, with useGenericEphemeralVolume) of the size of the buckets and twice the archive, or skip buckets that are protected otherwise.'
      : 'Request in gitlab.toolbox.backups.cron.resources what it really uses, so that others are evicted first.',
  };
};

const explainMemory = ({ name }: PodContainer): JobFailure => ({
  reason: 'out-of-memory',
  message: `Its container ${name} was killed for using more memory than its limit (OOMKilled).`,
  remedy: 'Raise the memory in gitlab.toolbox.backups.cron.resources.',
});

/** Reasons of the condition DisruptionTarget: Kubernetes documentation, "Disruptions", "Pod disruption conditions". */
const DISRUPTIONS: Readonly<Record<string, Pick<JobFailure, 'reason' | 'message'>>> = {
  EvictionByEvictionAPI: { reason: 'disrupted', message: 'Its pod was evicted, as by a drain of its node' },
  PreemptionByScheduler: {
    reason: 'disrupted',
    message: 'Its pod had to make room for one of higher priority',
  },
  DeletionByTaintManager: { reason: 'node-lost', message: 'Its node was lost or tainted' },
  DeletionByPodGC: { reason: 'node-lost', message: 'Its node is gone' },
  TerminationByKubelet: { reason: 'node-lost', message: 'Its node was shut down' },
};
const NODE_LOST = { reason: 'node-lost', message: 'Its node was lost' } as const;

const explainDisruption = ({ conditions, containers, reason, message }: Pod): JobFailure | undefined => {
  const target = conditions.find(({ type, status }) => type === 'DisruptionTarget' && status === 'True');
  const isUnknown = containers.some(({ state }) => state.reason === 'ContainerStatusUnknown');
  const isLost = reason === 'NodeLost' || reason === 'NodeShutdown' || reason === 'Terminated' || isUnknown;
  const found = DISRUPTIONS[target?.reason ?? ''] ?? (isLost ? NODE_LOST : undefined);
  if (!found) return undefined;
  return {
    reason: found.reason,
    message: `${found.message}${sayWords(target?.message || message)}.`,
    remedy:
      found.reason === 'disrupted'
        ? 'Start it again when the nodes are quiet, and keep drains and upgrades out of its time.'
        : 'Start it again. Where this comes back, keep it off Spot nodes by gitlab.toolbox.backups.cron.nodeSelector.',
  };
};

/** 128 and the number of the signal, as shells count. */
const KILLED = 137;

const explainExit = ({ name, state }: PodContainer): JobFailure => {
  const words = sayWords(state.message);
  if (state.exitCode === KILLED) {
    return {
      reason: 'killed',
      message: `Its container ${name} was killed (exit code 137), and nobody said why${words}.`,
      remedy:
        'Mostly memory or disk of the node: compare what gitlab.toolbox.backups.cron.resources requests with what the node had, and read the last lines of its log.',
    };
  }
  return {
    reason: 'exit',
    message: `Its container ${name} ended with exit code ${state.exitCode ?? 'unknown'}${words}.`,
    remedy: 'Read the last lines of its log; the tool names the step that failed.',
  };
};
