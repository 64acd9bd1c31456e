import type { Outbox } from '../../clients/outbox.ts';
import type { UpgradeSettings } from '../../records/configuration/upgrade.ts';
import type { UpgradePlan, UpgradeRun } from '../../records/upgrade/plan.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { ClusterSubject } from '../cluster-subjects.ts';
import type { Decision } from '../plan/decision.ts';
import { findDueMove, type Move } from '../plan/due-move.ts';
import { composeNextChangeNotice } from '../telling/upgrade-notice.ts';

/**
 * Offers one move of the control plane as a merge request, where the settings ask for one; repeated, it is the same one.
 *
 * @returns what came of it, as the end of a sentence; undefined when nobody asked. A GitLab that says no stops
 * nothing: the plan is handed over all the same, and says what could not be offered.
 */
export type OfferChange = (
  plan: UpgradePlan,
  move: Move,
  gitlab: UpgradeSettings['gitlab'] | undefined,
  signal: AbortSignal,
) => Promise<string | undefined>;

/** What asking an owner for a change needs. */
export interface OfferDeps {
  readonly offerChange: OfferChange;
  readonly outbox: Pick<Outbox, 'tell'>;
  readonly clock: Clock;
}

/**
 * Asks the owner for the change that a run has come to: by a merge request where the settings want one, and by a message
 * in any case. What came of it is kept with the step. A Lambda that dies in between asks again, for the same merge
 * request and with the same message.
 */
export const offerDueMove = async (
  run: UpgradeRun,
  decision: Decision,
  { settings }: Pick<ClusterSubject, 'settings'>,
  { offerChange, outbox, clock }: OfferDeps,
  signal: AbortSignal,
): Promise<Decision> => {
  const move = findDueMove(run, decision);
  if (!move) return decision;
  const offer = await offerChange(run.plan, move, settings.gitlab, signal);
  const hours = settings.handOverHours;
  await outbox.tell(composeNextChangeNotice(run.plan, move, { hours, now: clock.now(), offer }));
  const steps = decision.steps.map((state) =>
    state.id === move.id ? { ...state, offer: offer ?? 'asked for it' } : state,
  );
  return { ...decision, steps };
};
