import type {
  Pod,
  PodContainer,
  ReplicaCounts,
  RolloutObservation,
  Workload,
  WorkloadKind,
} from '../../functions/records/workload.ts';
import { buildObservation, buildPod, buildWorkload } from './workload-builders.ts';

/** The image that the rollout of these tests wrote. */
export const NEW = 'registry.example.com/shop/web:1.1.0@sha256:b';
const START = Date.parse('2026-03-01T12:00:00Z');
/** Seconds after the patch, as a time. */
export const at = (seconds: number): string => new Date(START + seconds * 1_000).toISOString();
/** What these tests expect of a rollout unless they say otherwise. */
export const expectations = { container: 'web', image: NEW, startedAt: at(0), deadlineSeconds: 900 };

/** Wanted, existing, updated, available. */
export const count = (
  desired: number,
  current: number,
  updated: number,
  available: number,
): ReplicaCounts => ({
  desired,
  current,
  updated,
  ready: available,
  available,
});

/** A workload that carries the new image. */
export const workload = (counts: ReplicaCounts, overrides: Partial<Workload> = {}): Workload =>
  buildWorkload({ image: NEW, counts, ...overrides });
/** The part of a workload that names its kind. */
export const kind = (name: WorkloadKind) => ({ ref: { kind: name, namespace: 'shop', name: 'web' } });

/** A container of the new image. */
export const container = (overrides: Partial<PodContainer>): PodContainer => ({
  name: 'web',
  init: false,
  image: NEW,
  imageId: '',
  ready: false,
  restarts: 0,
  state: { type: 'running', reason: '', message: '' },
  ...overrides,
});
/** Waits, with the reason that the kubelet gives. */
export const waiting = (reason: string, message = ''): Partial<PodContainer> => ({
  state: { type: 'waiting', reason, message },
});
/** Between two restarts. */
export const crashed = (reason: string, restarts = 2): Partial<PodContainer> => ({
  ...waiting('CrashLoopBackOff', 'back-off 10s'),
  restarts,
  last: { type: 'terminated', reason, message: '', exitCode: reason === 'OOMKilled' ? 137 : 1 },
});

/** A pod of the new revision, made at the start, with one container that is not ready. */
export const newPod = (broken: Partial<PodContainer>, overrides: Partial<Pod> = {}): Pod =>
  buildPod({
    name: 'web-new-1',
    revision: 'new',
    createdAt: at(0),
    conditions: [],
    containers: [container(broken)],
    ...overrides,
  });
/** A pod of the image before. */
export const oldPod = (broken: Partial<PodContainer>): Pod =>
  newPod(broken, { name: 'web-old-1', revision: 'old', createdAt: at(-3_600) });
/** A pod of the new revision that became ready then. */
export const readyPod = (since: number): Pod =>
  newPod(
    { ready: true },
    { conditions: [{ type: 'Ready', status: 'True', reason: '', message: '', at: at(since) }] },
  );
/** A pod of the new revision that no node takes. */
export const unscheduled = (): Pod =>
  newPod(waiting(''), {
    containers: [],
    conditions: [
      { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/3 nodes are available' },
    ],
  });

/** What is seen so many seconds after the patch. */
export const observe = (
  seconds: number,
  seen: Workload,
  pods: readonly Pod[] = [],
  overrides: Partial<RolloutObservation> = {},
): RolloutObservation =>
  buildObservation({ observedAt: at(seconds), workload: seen, newRevision: 'new', pods, ...overrides });
