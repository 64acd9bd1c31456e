import { describeRelease } from '../../../functions/backup/release/describe-release.ts';
import { readReleaseValues } from '../../../functions/backup/release/release-values.ts';
import { readSecretHints } from '../../../functions/backup/release/secret-hints.ts';
import type { SecretContent } from '../../../functions/backup/secrets/secret-need.ts';
import { openChartValues } from '../../../functions/backup/values/chart-values.ts';
import type { HelmRelease } from '../../../functions/clients/helm-releases.ts';
import type { ReadRelease } from '../../../functions/records/backup/release-facts.ts';
import { ordinaryWith } from '../values/ordinary-values.ts';

/** A release of the ordinary installation; `yaml` is what its values differ by. */
export const buildRelease = (yaml = '', changes: Partial<HelmRelease> = {}): HelmRelease => ({
  namespace: 'gitlab',
  name: 'gitlab',
  revision: 7,
  status: 'deployed',
  chart: 'gitlab',
  chartVersion: '9.10.0',
  appVersion: 'v18.10.0',
  values: ordinaryWith(yaml),
  ...changes,
});

/** What is written down of it. */
export const describeOf = (
  release: HelmRelease,
  contents: ReadonlyMap<string, SecretContent> = new Map(),
): ReadRelease => {
  const values = readReleaseValues(release);
  if (!values.ok) throw new Error(values.reason);
  const hints = readSecretHints(openChartValues(values.values, values.major), contents);
  return describeRelease(release, values, hints, { readAt: new Date('2026-11-21T03:00:05Z') });
};
