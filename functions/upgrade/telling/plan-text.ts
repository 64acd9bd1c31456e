import type { GateOutcome, UpgradePlan } from '../../records/upgrade/plan.ts';

/** `2 h 30 min`. */
export const describeMinutes = (minutes: number): string => {
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  return [...(hours > 0 ? [`${hours} h`] : []), ...(rest > 0 || hours === 0 ? [`${rest} min`] : [])].join(
    ' ',
  );
};

/** A plan as lines for a person: every step in its order, then what it needs and what it leaves to others. */
export const describePlan = (plan: UpgradePlan): string[] => [
  ...plan.steps.map((step, index) => {
    const note = step.id === plan.closesWayBack ? ' (from here on the way back is closed)' : '';
    return `${index + 1}. ${step.title}, ${describeMinutes(step.minutes)}${note}`;
  }),
  `In all about ${describeMinutes(plan.minutes)}.`,
  ...plan.needs.map(({ what, needed, available, where }) => {
    const there = available === undefined ? 'how many there are is not known' : `${available} are there`;
    return `Needs ${needed} ${what}; ${there}: ${where}`;
  }),
  ...plan.manual.map(({ subject, what }) => `By hand: ${subject}: ${what}`),
  ...plan.unchecked.map(({ subject, reason }) => `Not checked: ${subject}: ${reason}`),
  ...plan.refused.map(({ subject, reason }) => `Not done: ${subject}: ${reason}`),
];

/** Gates as lines for a person. */
export const describeGates = (gates: readonly GateOutcome[]): string[] =>
  gates.map(({ gate, passed, reason, override }) => {
    const over = override ? ` (passed over by ${override.by}: ${override.why})` : '';
    return `gate ${gate}: ${passed ? 'open' : 'shut'}, ${reason}${over}`;
  });

/** Characters of one line of a message (rules/message-text.ts). */
const MAX_LINE = 500;

/**
 * Lines for a message, which takes few of them: when there are more, neighbours share a line, so that the end of a long
 * plan, and the gates behind it, are not what is cut off.
 *
 * @param most lines at most; what does not fit even so is counted in the last one.
 */
export const foldLines = (lines: readonly string[], most: number): string[] => {
  if (lines.length <= most) return [...lines];
  const folded: string[][] = [];
  for (const line of lines) {
    const last = folded.at(-1);
    if (last && [...last, line].join('; ').length <= MAX_LINE) last.push(line);
    else folded.push([line]);
  }
  const kept = folded.length <= most ? folded : folded.slice(0, most - 1);
  const left = lines.length - kept.flat().length;
  return [
    ...kept.map((one) => one.join('; ')),
    ...(left > 0 ? [`and ${left} more, in the record of the plan`] : []),
  ];
};
