import type { GateOutcome } from '../../records/upgrade/plan.ts';

/**
 * Characters of one gate's reason that travel. A report may block in thousands of places, and Step Functions ends an
 * execution whose payload is larger than 256 KiB: that would look like an upgrade that died in the middle.
 */
const MAX_REASON = 4_000;

/** Gates as they fit into the output of a step; what is cut off of a reason says where it stands whole. */
export const boundGates = (gates: readonly GateOutcome[]): GateOutcome[] =>
  gates.map(({ reason, override, ...gate }) => ({
    ...gate,
    reason: bound(reason),
    ...(override && { override: { ...override, why: bound(override.why) } }),
  }));

const REST = ' ... (cut off: the report and the plan name the rest)';

const bound = (text: string): string =>
  text.length <= MAX_REASON ? text : `${text.slice(0, MAX_REASON - REST.length).toWellFormed()}${REST}`;
