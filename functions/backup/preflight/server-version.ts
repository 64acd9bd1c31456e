import type { ReleaseFacts } from '../../records/backup/release-facts.ts';
import { majorOf } from '../values/chart-defaults.ts';
import { openChartValues } from '../values/chart-values.ts';
import type { ValuesFinding } from '../values/finding.ts';
import { postgresqlVersion } from '../values/rules/postgresql-version.ts';

/** All that the rule asks of values: a server that the chart does not bring along. */
const OUTSIDE = openChartValues({ global: { psql: { host: 'outside' } } });

/**
 * The values of a release do not tell the version of a server outside of the chart. RDS does, so what the linter had to
 * leave open is judged by that.
 *
 * @param version as RDS calls it: `17.4`.
 */
export const judgeServerVersion = (
  findings: readonly ValuesFinding[],
  version: string,
  release: ReleaseFacts | undefined,
): readonly ValuesFinding[] => {
  const { code, judge } = postgresqlVersion;
  const chart = release?.state === 'read' ? majorOf(release.chartVersion) : undefined;
  const context = { clock: 'outside', postgresql: version, ...(chart && { chart }) } as const;
  return findings.flatMap((finding) =>
    finding.code === code && finding.severity === 'not-checked'
      ? judge(OUTSIDE, context).map((verdict) => ({ code, ...verdict }))
      : [finding],
  );
};
