import { type Ledger, updateRecord } from '../clients/ledger.ts';
import type { Lock } from '../records/lock.ts';
import { openRolloutKey, type Rollout, rolloutKey, rolloutKind } from '../records/rollout.ts';
import type { Clock } from '../runtime/clock.ts';
import { executionOf } from './annotations.ts';
import { pinnedImage } from './pinned-image.ts';
import type { Inspection } from './target-assessment.ts';

/** What beginning a rollout needs. */
export interface RolloutStartDeps {
  readonly ledger: Ledger;
  readonly clock: Clock;
}

/**
 * Writes a rollout down before its patch, so that a killed Lambda leaves the way back behind; while it is not patched,
 * with what stands there now.
 */
export const openRollout = async (
  { order, execution }: Pick<Rollout, 'order' | 'execution'>,
  inspection: Inspection,
  lock: Lock,
  deps: RolloutStartDeps,
): Promise<void> => {
  const rollout: Rollout = {
    version: 1,
    order,
    execution,
    fence: lock.token,
    ...(inspection.workload ? { workload: inspection.workload.uid } : {}),
    previousImage: await findWayBack(inspection, deps),
    startedAt: deps.clock.now().toISOString(),
    reasons: [],
  };
  const [, written] = await Promise.all([
    deps.ledger.claim(rolloutKind, openRolloutKey(order.name), rollout),
    deps.ledger.claim(rolloutKind, rolloutKey(order.name), rollout),
  ]);
  if (written.ok) return;
  // An earlier try was refused because somebody changed the workload: the way back leads to what stands there now.
  const renew = (earlier: Rollout | undefined) => (earlier?.patchedAt ? undefined : rollout);
  await updateRecord(deps.ledger, rolloutKind, rolloutKey(order.name), renew, deps.clock);
};

/**
 * The image to go back to: the one that runs, unless Drydock set it and never saw it healthy. A release that was
 * superseded while it came up may be the bad one, so the way back leads past it to the image before.
 */
const findWayBack = async (
  { target, workload, container, running }: Inspection,
  { ledger }: RolloutStartDeps,
): Promise<string> => {
  const writer = workload?.annotations[executionOf(target.name)];
  const last = writer === undefined ? undefined : await ledger.read(rolloutKind, rolloutKey(writer));
  const isOurs = last !== undefined && container?.image === pinnedImage(last.value.order);
  if (isOurs && last.value.outcome !== 'rolled-out') return last.value.previousImage;
  return running?.tag && running.digest
    ? pinnedImage({ ...running, tag: running.tag, digest: running.digest })
    : (container?.image ?? '');
};
