import { Watch } from '@kubernetes/client-node';
import type { RolloutObservation, WorkloadKind, WorkloadRef } from '../records/workload.ts';
import type { Clock } from '../runtime/clock.ts';
import type { KubernetesConnection } from './kubernetes-connection.ts';
import { findStatusCode } from './kubernetes-errors.ts';
import { observeRollout } from './kubernetes-rollouts.ts';

/** Changes that come together are looked at once. Milliseconds. */
const SETTLE_MS = 100;
/** A change that no watch tells of (it was cut, an event came alone) is seen after this at the latest. */
const LOOK_AGAIN_MS = 5_000;
/** A watch that cannot be opened is not tried again sooner. */
const REOPEN_MS = 1_000;

const RESOURCES: Record<WorkloadKind, string> = {
  Deployment: '/apis/apps/v1/namespaces/{}/deployments',
  StatefulSet: '/apis/apps/v1/namespaces/{}/statefulsets',
  DaemonSet: '/apis/apps/v1/namespaces/{}/daemonsets',
  CronJob: '/apis/batch/v1/namespaces/{}/cronjobs',
};

/**
 * Yields an observation at once, and another after each change of the workload or its pods. A watch only wakes us:
 * what is yielded was read afresh, so a cut or late watch costs seconds and never a wrong answer.
 *
 * Ends when the signal aborts or the caller stops looking. Throws what `observeRollout` throws.
 */
export const watchRollout = (
  connection: KubernetesConnection,
  clock: Clock,
  ref: WorkloadRef,
  signal: AbortSignal,
): AsyncIterable<RolloutObservation> => ({
  [Symbol.asyncIterator]: () => {
    const stop = new AbortController();
    const ended = AbortSignal.any([signal, stop.signal]);
    const changes = watchChanges(connection, clock, ref, ended);
    let isFirst = true;
    return {
      next: async () => {
        if (!isFirst) await changes.next();
        isFirst = false;
        if (ended.aborted) return { done: true, value: undefined };
        try {
          const value = await observeRollout(connection, clock, ref, ended);
          changes.select(value.workload?.selector ?? '');
          return { done: false, value };
        } catch (error) {
          // An abort in the middle of a call is the caller's own doing.
          if (ended.aborted) return { done: true, value: undefined };
          stop.abort();
          throw error;
        }
      },
      // Not a generator: its `return` would wait for the change that may never come.
      return: () => {
        stop.abort();
        return Promise.resolve({ done: true, value: undefined });
      },
    };
  },
});

interface Changes {
  /** Resolves after the next change, or after `LOOK_AGAIN_MS`, or when the watch has ended. */
  next(): Promise<void>;
  /** Watches the pods of this label selector as well, once it is known. */
  select(labelSelector: string): void;
}

const watchChanges = (
  connection: KubernetesConnection,
  clock: Clock,
  ref: WorkloadRef,
  ended: AbortSignal,
): Changes => {
  let isDirty = false;
  let wake: () => void = () => undefined;
  const change = (): void => {
    isDirty = true;
    wake();
  };
  const keepOpen = (path: string, query: Record<string, string>): void => {
    void keepWatchOpen(connection, clock, path, query, change, ended);
  };
  let isSelected = false;
  keepOpen(RESOURCES[ref.kind].replace('{}', ref.namespace), { fieldSelector: `metadata.name=${ref.name}` });
  return {
    next: async () => {
      if (!isDirty) {
        const woken = new Promise<void>((resolve) => {
          wake = resolve;
        });
        await Promise.race([woken, pause(clock, LOOK_AGAIN_MS, ended)]);
      }
      await pause(clock, SETTLE_MS, ended);
      isDirty = false;
    },
    select: (labelSelector) => {
      if (isSelected || labelSelector === '') return;
      isSelected = true;
      keepOpen(`/api/v1/namespaces/${ref.namespace}/pods`, { labelSelector });
    },
  };
};

/** Keeps one watch open until `ended`, however often the API server closes it. Never throws: it is only a hint. */
const keepWatchOpen = async (
  connection: KubernetesConnection,
  clock: Clock,
  path: string,
  query: Record<string, string>,
  change: () => void,
  ended: AbortSignal,
): Promise<void> => {
  while (!ended.aborted) {
    const error = await openWatch(connection, path, query, change, ended);
    if (findStatusCode(error) === 401) connection.renew('token');
    if (!ended.aborted) await pause(clock, REOPEN_MS, ended);
  }
};

/** Resolves when the watch has ended, with the error if there was one. */
const openWatch = async (
  connection: KubernetesConnection,
  path: string,
  query: Record<string, string>,
  change: () => void,
  ended: AbortSignal,
): Promise<unknown> => {
  try {
    const watch = new Watch(await connection.config());
    const { promise, resolve } = Promise.withResolvers<unknown>();
    const request = await watch.watch(path, query, change, resolve);
    const close = (): void => request.abort();
    ended.addEventListener('abort', close, { once: true });
    if (ended.aborted) close();
    return await promise.finally(() => ended.removeEventListener('abort', close));
  } catch (error) {
    return error;
  }
};

/** Sleeps, or less when `ended` aborts. */
const pause = (clock: Clock, ms: number, ended: AbortSignal): Promise<void> =>
  clock.sleep(ms, ended).catch(() => undefined);
