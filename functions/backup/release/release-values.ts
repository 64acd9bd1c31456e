import type { HelmRelease } from '../../clients/helm-releases.ts';
import { type ChartMajor, majorOf } from '../values/chart-defaults.ts';
import { findForeignValues } from '../values/chart-keys.ts';
import type { ValueMap } from '../values/value-tree.ts';
import { readValues } from '../values/values-file.ts';

export type ReleaseValues =
  | { readonly ok: true; readonly values: ValueMap; readonly major: ChartMajor | undefined }
  /** @property reason a sentence; holds nothing of the values. */
  | { readonly ok: false; readonly reason: string };

/**
 * The values that a user gave to a release of the GitLab chart, as plain data of a bounded size.
 *
 * @param release whatever Helm keeps: its values may be of any shape.
 */
export const readReleaseValues = ({
  namespace,
  name,
  chart,
  chartVersion,
  values,
}: HelmRelease): ReleaseValues => {
  const what = `Helm release ${namespace}/${name}`;
  if (chart !== 'gitlab') {
    const reason = `${what} is of a chart called ${chart}, not of the GitLab chart; look at release and namespace in drydock.yaml.`;
    return { ok: false, reason };
  }
  // JSON is YAML, and one reader bounds depth and size of both.
  const read = readValues(JSON.stringify(values));
  if (!read.ok) return { ok: false, reason: `The values of ${what} can not be read: they are no map.` };
  const foreign = findForeignValues(read.values);
  if (foreign !== undefined) return { ok: false, reason: `Of ${what}: ${foreign}.` };
  return { ok: true, values: read.values, major: majorOf(chartVersion) };
};
