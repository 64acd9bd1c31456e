import type { GateOutcome } from '../../records/upgrade/plan.ts';
import type { UpgradeRequest } from '../../records/upgrade/request.ts';

type Gate = GateOutcome['gate'];

export const passGate = (gate: Gate, reason: string): GateOutcome => ({ gate, passed: true, reason });
export const failGate = (gate: Gate, reason: string): GateOutcome => ({ gate, passed: false, reason });

/**
 * Lets a gate pass that says no when a person named every reason of it, each with a why. Only what is named: an
 * override of one finding opens no way for the next one.
 *
 * @param names what stands in the way, as an override names it; one line of `problem` each.
 */
export const passOver = (
  gate: Gate,
  problems: readonly { readonly name: string; readonly text: string }[],
  { overrides, by }: Pick<UpgradeRequest, 'overrides' | 'by'>,
): GateOutcome => {
  const left = problems.filter(({ name }) => !overrides.some(({ finding }) => finding === name));
  const named = problems.flatMap(({ name }) => overrides.find(({ finding }) => finding === name) ?? []);
  if (left.length > 0) {
    const texts = left.map(({ name, text }) => `${text} (override: "${name}")`);
    return failGate(gate, texts.join('; '));
  }
  const why = named.map(({ finding, why: reason }) => `${finding}: ${reason}`).join('; ');
  return { gate, passed: true, reason: problems.map(({ text }) => text).join('; '), override: { by, why } };
};
