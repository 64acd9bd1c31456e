/** Helm values as plain data: what YAML holds after anchors and tags, and nothing else. */
export type Value = null | string | number | boolean | readonly Value[] | ValueMap;
export interface ValueMap {
  readonly [key: string]: Value;
}

export const isValueMap = (value: Value | undefined): value is ValueMap =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The own member of that name; `toString` and its like are no values of anybody. */
export const memberOf = (value: Value | undefined, key: string): Value | undefined =>
  isValueMap(value) && Object.hasOwn(value, key) ? value[key] : undefined;

/**
 * Is this true in a condition of a Helm template? Go takes every text but the empty one for true, `"false"` as well.
 *
 * Source: Go, package text/template, "if".
 */
export const isTruthy = (value: Value | undefined): boolean => {
  if (value === undefined || value === null || value === false || value === '' || value === 0) return false;
  if (Array.isArray(value)) return value.length > 0;
  return isValueMap(value) ? Object.keys(value).length > 0 : true;
};
