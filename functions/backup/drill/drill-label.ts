import { createHash } from 'node:crypto';

/** By what an object of a drill is known: a label that holds which drill made it. */

export const DRILL_LABEL = 'drydock.dev/drill';

/** Value of the label: ids of executions are longer than a label may be. */
export const labelOf = (drill: string): string =>
  createHash('sha256').update(drill).digest('hex').slice(0, 16);

export const drillLabels = (drill: string): Readonly<Record<string, string>> => ({
  [DRILL_LABEL]: labelOf(drill),
});

/** Was it made by this drill? */
export const isOfDrill = (
  { labels }: { readonly labels: Readonly<Record<string, string>> },
  drill: string,
): boolean => labels[DRILL_LABEL] === labelOf(drill);

/** Name of an object of a drill: whoever makes it again makes the same one. */
export const nameDrillObject = (drill: string, what: string): string =>
  `drydock-drill-${what}-${labelOf(drill)}`;
