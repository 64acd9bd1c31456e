import { openLocks } from '../../functions/clients/locks.ts';
import { openOutbox } from '../../functions/clients/outbox.ts';
import { openPauses } from '../../functions/clients/pauses.ts';
import type { NamedTarget } from '../../functions/deployment/target-assessment.ts';
import type { Execution } from '../../functions/records/execution.ts';
import type { RolloutOrder } from '../../functions/records/rollout.ts';
import {
  emptyTargetState,
  type TargetState,
  targetStateKey,
  targetStateKind,
} from '../../functions/records/target-state.ts';
import { createFakeCluster } from './fake-cluster.ts';
import { createFixedClock } from './fixed-clock.ts';
import { createMemoryLedger } from './memory-ledger.ts';
import { createFakeNotifier } from './target-events.ts';
import { DIGEST_B, IMAGE, WEB } from './workload-builders.ts';

/** Name and ARN of an execution; rollouts that are the same cause have the same name. */
export const buildExecution = (name = 'rollout-1'): Execution => ({
  arn: `arn:aws:states:eu-central-1:111122223333:execution:rollout:${name}`,
  name,
  startedAt: '2026-03-01T11:59:59.000Z',
});

export const buildTarget = (overrides: Partial<NamedTarget> = {}): NamedTarget => ({
  name: 'web',
  environment: 'production',
  workload: WEB,
  container: 'web',
  initContainer: undefined,
  image: IMAGE,
  policy: { type: 'semver', range: '>=1.0.0', allowDowngrade: false },
  mode: 'act',
  takeOwnership: false,
  rollback: 'auto',
  watch: {
    deadlineSeconds: 600,
    pollSeconds: 30,
    steadySeconds: 10,
    graces: {
      imagePullBackOffSeconds: 60,
      crashLoopBackOffSeconds: 60,
      createContainerConfigErrorSeconds: 30,
      oomKilledSeconds: 60,
      unschedulableSeconds: 300,
    },
  },
  ...overrides,
});

export const buildOrder = (overrides: Partial<RolloutOrder> = {}): RolloutOrder => ({
  version: 1,
  name: 'rollout-1',
  target: 'web',
  image: IMAGE,
  tag: '1.1.0',
  digest: DIGEST_B,
  confirmedAt: '2026-03-01T11:59:58.000Z',
  redeploy: false,
  deployment: buildExecution('deployment-1'),
  ...overrides,
});

/** All that the steps of one target need, in memory. */
export const createTargetWorld = (target: NamedTarget = buildTarget()) => {
  const clock = createFixedClock();
  const ledger = createMemoryLedger();
  const cluster = createFakeCluster();
  const notifier = createFakeNotifier();
  return {
    clock,
    ledger,
    cluster,
    notifier,
    target,
    deps: {
      ledger,
      clock,
      locks: openLocks(ledger, clock),
      pauses: openPauses(ledger, clock),
      outbox: openOutbox(ledger, notifier, clock),
      cluster: async () => cluster,
      findTarget: () => target,
      findTargets: () => [target],
    },
    /** Puts a digest on hold, as a rollout that failed does. */
    hold: async (digest: string, tag: string): Promise<void> => {
      const hold = { digest, tag, since: '2026-03-01T10:00:00.000Z', why: 'crash loop', rollout: 'r' };
      const state = { ...emptyTargetState(target.name), holds: [hold] };
      await ledger.claim(targetStateKind, targetStateKey(target.name), state);
    },
    state: async (): Promise<TargetState | undefined> =>
      (await ledger.read(targetStateKind, targetStateKey(target.name)))?.value,
  };
};

/** An invocation with all the time there is and a log that keeps quiet. */
export const calmInvocation = () => ({
  signal: new AbortController().signal,
  remainingMs: () => 60_000,
  log: { info: () => undefined, warn: () => undefined, error: () => undefined },
});
