import type { Execution } from '../records/execution.ts';
import { parseImageReference } from '../records/image-reference.ts';
import type { Notice } from '../records/message.ts';
import type { Rollout, RolloutOrder, RolloutOutcome } from '../records/rollout.ts';
import { linkExecution } from '../rules/console-link.ts';

/** What a notice about the end of a rollout is made of. */
export interface RolloutEnd {
  readonly order: RolloutOrder;
  readonly execution: Execution;
  readonly outcome: RolloutOutcome;
  readonly reasons: readonly string[];
  /** Absent when nothing had been changed. */
  readonly rollout: Rollout | undefined;
  readonly environment: string;
  readonly at: string;
}

interface Wording {
  readonly severity: Notice['severity'];
  readonly happened: (end: RolloutEnd) => string;
  readonly did: (end: RolloutEnd) => string;
  readonly next: (end: RolloutEnd) => string;
}

const tagOf = ({ order }: RolloutEnd): string => `${order.target} ${order.tag}`;
const before = ({ rollout }: RolloutEnd): string => rollout?.previousImage ?? 'the previous image';
/** The previous image as a person calls it, short enough for a subject. */
const tagBefore = (end: RolloutEnd): string => parseImageReference(before(end))?.tag ?? before(end);
const askWhy = ({ order }: RolloutEnd): string => `npm run why -- ${order.target}`;

/**
 * What is said for each end; `undefined` says nothing: the newer rollout tells its own end, and what was not wanted
 * after all is an entry of the history and wakes nobody.
 */
const WORDINGS: Readonly<Record<RolloutOutcome, Wording | undefined>> = {
  'rolled-out': {
    severity: 'info',
    happened: (end) => `${tagOf(end)} is rolled out and healthy.`,
    did: (end) => `Replaced ${before(end)} by ${end.order.image}:${end.order.tag}@${end.order.digest}.`,
    next: () => 'Nothing to do.',
  },
  'rolled-back': {
    severity: 'warning',
    happened: (end) => `${tagOf(end)} failed and was rolled back; ${tagBefore(end)} is healthy again.`,
    did: (end) => `Put ${before(end)} back and holds ${end.order.digest} until a newer image comes.`,
    next: (end) => `Fix the image and push it again; the reasons again: ${askWhy(end)}`,
  },
  failed: {
    severity: 'critical',
    happened: (end) => `${tagOf(end)} failed and was left as it is.`,
    did: (end) => `Holds ${end.order.digest}, so that it is not tried again; changed nothing else.`,
    next: (end) => `Look at it, then push a fix or set the previous image (${before(end)}) by hand.`,
  },
  'rollback-failed': {
    severity: 'critical',
    happened: (end) => `${tagOf(end)} failed, and so did the way back to ${tagBefore(end)}.`,
    did: (end) => `Set ${before(end)} again; its pods do not become healthy.`,
    next: (end) => `Look at the pods of ${end.order.target} now; the cause is likely outside the image.`,
  },
  'not-checked': {
    severity: 'critical',
    happened: (end) => `${tagOf(end)} was set, and the cluster could not be seen until the deadline.`,
    did: () => 'Changed nothing more: whether the release is healthy is not known.',
    next: () => 'Check the cluster and its API endpoint first: npm run doctor',
  },
  'not-applied': {
    severity: 'warning',
    happened: (end) => `${tagOf(end)} could not be set: the cluster does not answer.`,
    did: () => 'Changed nothing; the next sweep tries again.',
    next: () => 'Check the cluster and its API endpoint: npm run doctor',
  },
  refused: {
    severity: 'warning',
    happened: (end) => `${tagOf(end)} could not be set: Drydock was refused.`,
    did: () => 'Changed nothing.',
    next: () => 'See which right or setting is missing: npm run doctor',
  },
  gone: {
    severity: 'warning',
    happened: (end) => `The workload of ${tagOf(end)} was deleted while it was rolled out.`,
    did: () => 'Stopped watching; changed nothing more.',
    next: (end) => `If that was meant, take the target ${end.order.target} out of drydock.yaml.`,
  },
  overtaken: {
    severity: 'info',
    happened: (end) =>
      `Somebody changed the image of ${end.order.target} while ${end.order.tag} was rolled out.`,
    did: () => 'Left that change alone and stopped watching.',
    next: (end) => `Nothing, if it was you. Who and when: kubectl, or ${askWhy(end)}`,
  },
  aborted: {
    severity: 'critical',
    happened: (end) => `The rollout of ${tagOf(end)} was stopped before its end.`,
    did: () => 'Freed the target; the image stands as the execution left it.',
    next: (end) => `Check the workload; history and reasons: ${askWhy(end)}`,
  },
  superseded: undefined,
  'not-wanted': undefined,
};

/** Ends that the next sweep runs into again as long as nobody mends their cause. */
const REPEATED: ReadonlySet<RolloutOutcome> = new Set(['refused', 'not-applied']);

/** From target, image and day, so that a night of sweeps tells it once. */
const nameOncePerDay = ({ order, outcome, at }: RolloutEnd): string =>
  `${order.target}-${order.digest.replace(/^sha\d+:/, '').slice(0, 12)}-${outcome}-${at.slice(0, 10)}`;

/** Composes the one notice about the end of a rollout; its id comes from the rollout, so it is told once. */
export const composeNotice = (end: RolloutEnd): Notice | undefined => {
  const wording = WORDINGS[end.outcome];
  if (!wording) return undefined;
  const { order, execution } = end;
  return {
    version: 1,
    id: REPEATED.has(end.outcome) ? nameOncePerDay(end) : `${order.name}-${end.outcome}`,
    capability: 'deployment',
    target: order.target,
    environment: end.environment,
    outcome: end.outcome,
    severity: wording.severity,
    happened: wording.happened(end),
    matters: `Target ${order.target} in ${end.environment}.`,
    did: wording.did(end),
    next: wording.next(end),
    execution: { name: execution.name, arn: execution.arn, url: linkExecution(execution.arn) },
    stop: `Start the control machine with {"pause":"target/${order.target}","by":"<you>","why":"<why>"}`,
    reasons: [...end.reasons],
    at: end.at,
  };
};
