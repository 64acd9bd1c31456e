import { type ChartMajor, defaultsOf } from './chart-defaults.ts';
import { coalesceValues } from './merge-values.ts';
import { isTruthy, isValueMap, memberOf, type Value, type ValueMap } from './value-tree.ts';

/** The values that a chart is rendered with, asked by path: `gitlab.toolbox.backups.cron.suspend`. */
export interface ChartValues {
  get(path: string): Value | undefined;
  /** As a condition of a template sees it. */
  isOn(path: string): boolean;
  /** As a template writes it; `undefined` for what is absent, empty, a map or a list. */
  text(path: string): string | undefined;
  /** `undefined` for what is absent or no number. */
  number(path: string): number | undefined;
  /** Empty for what is absent or no map. */
  map(path: string): ValueMap;
  /** Empty for what is absent or no list. */
  list(path: string): readonly Value[];
  /** Did the user write this, or does it come from the chart? */
  isGiven(path: string): boolean;
}

/**
 * Lays the values of a user over the defaults of the chart.
 *
 * @param user the merged files; `null` still stands where a default is deleted.
 * @param major of the chart; without it only defaults that both majors have are filled in.
 */
export const openChartValues = (user: ValueMap, major?: ChartMajor): ChartValues => {
  const values = coalesceValues(defaultsOf(major), user);
  const get = (path: string): Value | undefined => find(values, path);
  return {
    get,
    isOn: (path) => isTruthy(get(path)),
    text: (path) => textOf(get(path)),
    number: (path) => numberOf(get(path)),
    map: (path) => {
      const value = get(path);
      return isValueMap(value) ? value : {};
    },
    list: (path) => {
      const value = get(path);
      return Array.isArray(value) ? value : [];
    },
    isGiven: (path) => (find(user, path) ?? null) !== null,
  };
};

const find = (values: ValueMap, path: string): Value | undefined =>
  path.split('.').reduce<Value | undefined>(memberOf, values);

/** A plain value as it is written into a manifest. */
export const textOf = (value: Value | undefined): string | undefined => {
  if (value === undefined || value === null || typeof value === 'object') return undefined;
  const text = String(value).trim();
  return text === '' ? undefined : text;
};

const numberOf = (value: Value | undefined): number | undefined => {
  const text = textOf(value);
  const number = text === undefined ? Number.NaN : Number(text);
  return Number.isFinite(number) ? number : undefined;
};
