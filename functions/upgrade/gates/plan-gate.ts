import type { KubernetesMinor } from '../../records/kubernetes-version.ts';
import { MAX_UPGRADE_POLLS } from '../../records/upgrade/limits.ts';
import type { GateOutcome, UpgradePlan } from '../../records/upgrade/plan.ts';
import { failGate, passGate, passOver } from './gate.ts';

/** Minutes of baking that fit into one execution, which looks every five; a quarter is left for the steps between. */
const MAX_BAKE_MINUTES = MAX_UPGRADE_POLLS * 5 * 0.75;

/** Is the plan still true, can it be carried out, and does it leave nothing behind that nobody agreed to? */
export const judgePlanGate = (plan: UpgradePlan, version: KubernetesMinor): GateOutcome => {
  if (version !== plan.from) {
    return failGate(
      'plan',
      `the plan begins at ${plan.from}, and the cluster is at ${version}: make a new plan`,
    );
  }
  const baking = plan.steps.reduce((sum, { kind, minutes }) => sum + (kind === 'bake' ? minutes : 0), 0);
  if (baking > MAX_BAKE_MINUTES) {
    return failGate(
      'plan',
      `it bakes for ${baking / 60} hours in all, more than one execution lasts: take fewer minors`,
    );
  }
  // What is not checked Drydock does on somebody's word alone; a change that an owner makes is the owner's word.
  const unsure = plan.owner === 'drydock' ? plan.unchecked : [];
  const named = [...plan.refused, ...unsure];
  if (named.length === 0) return passGate('plan', `the cluster is at ${version}, where the plan begins`);
  const problems = named.map(({ subject, reason }) => ({
    name: subject,
    text: `${subject}: ${reason}`,
  }));
  return passOver('plan', problems, plan.request);
};
