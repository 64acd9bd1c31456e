import { isValueMap, type Value, type ValueMap } from './value-tree.ts';

/** How Helm lays values over each other. Source: Helm documentation, "Values Files", and "Deleting a default key". */

/**
 * Lays files over each other in the order of `-f`: the later one wins, maps are merged, lists are replaced. A `null`
 * stays, since it deletes a default of the chart.
 */
export const mergeValues = (files: readonly ValueMap[]): ValueMap =>
  files.reduce((under, over) => layOver(under, over, keep), {});

/** Lays the values of a user over the defaults of a chart: a `null` deletes the key. */
export const coalesceValues = (defaults: ValueMap, user: ValueMap): ValueMap =>
  layOver(defaults, user, dropNulls);

type Settle = (value: Value) => Value | undefined;

const keep: Settle = (value) => value;

const dropNulls: Settle = (value) => {
  if (value === null) return undefined;
  return isValueMap(value) ? layOver({}, value, dropNulls) : value;
};

const layOver = (under: ValueMap, over: ValueMap, settle: Settle): ValueMap => {
  // A Map, because a key may be called __proto__.
  const merged = new Map<string, Value>(Object.entries(under));
  for (const [key, value] of Object.entries(over)) {
    const below = merged.get(key);
    const settled = isValueMap(below) && isValueMap(value) ? layOver(below, value, settle) : settle(value);
    if (settled === undefined) merged.delete(key);
    else merged.set(key, settled);
  }
  return Object.fromEntries(merged);
};
