import type { HelmRelease } from '../../clients/helm-releases.ts';
import { ARCHIVE_COMPONENTS } from '../../records/backup/components.ts';
import type { ReadRelease } from '../../records/backup/release-facts.ts';
import { type BackupArguments, readBackupArguments } from '../values/backup-arguments.ts';
import { parseByteSize } from '../values/byte-size.ts';
import { type ChartValues, openChartValues } from '../values/chart-values.ts';
import { CRON } from '../values/cron.ts';
import type { ValuesFinding } from '../values/finding.ts';
import { BACKUP_BUCKET, bucketAt, componentBuckets, isOnS3, TMP_BUCKET } from '../values/object-stores.ts';
import { EXTRA_ARGS, type LintContext } from '../values/rule.ts';
import { RULES } from '../values/rules/registry.ts';
import { lintValues } from '../values/values-report.ts';
import { readDatabases } from './database-settings.ts';
import { readGitaly } from './gitaly-settings.ts';
import type { ReleaseValues } from './release-values.ts';
import { asLintContext, type SecretHints } from './secret-hints.ts';
import { describeRegistryStore, describeStore } from './store-settings.ts';

/** What the values alone do not tell. */
type Beside = Pick<LintContext, 'archiveBytes'> & { readonly readAt: Date };

/**
 * What of a release others may know: names, numbers, and what the linter found. Each text of the values that goes in
 * has the shape of what it must be, since a secret may stand in a wrong place.
 */
export const describeRelease = (
  release: HelmRelease,
  { values: user, major }: Extract<ReleaseValues, { ok: true }>,
  hints: SecretHints,
  { readAt, archiveBytes }: Beside,
): ReadRelease => {
  const values = openChartValues(user, major);
  const given = readBackupArguments(values.text(EXTRA_ARGS) ?? '');
  const context: LintContext = {
    clock: 'outside',
    ...asLintContext(hints),
    ...(major === undefined ? {} : { chart: major }),
    ...(archiveBytes === undefined ? {} : { archiveBytes }),
  };
  const { findings, notes } = lintValues(user, context, RULES);
  return {
    state: 'read',
    version: 1,
    readAt: readAt.toISOString(),
    release: release.name,
    namespace: release.namespace,
    revision: release.revision,
    status: release.status,
    ...(release.newer && { newer: release.newer }),
    chart: release.chart,
    chartVersion: release.chartVersion,
    // The chart writes `v18.10.0`, GitLab itself `18.10.0`.
    appVersion: release.appVersion.replace(/^v(?=\d)/, ''),
    components: componentBuckets(values).map(({ component, on, path, name }) => ({
      component,
      on,
      path,
      ...(name !== undefined && isBucketName(name) ? { bucket: name } : {}),
    })),
    ...named('backupBucket', values, BACKUP_BUCKET),
    ...named('tmpBucket', values, TMP_BUCKET),
    backend: isOnS3(values, given.valueOf('--backend')) ? 's3' : 'other',
    upload: describeUpload(given, hints),
    scratch: describeScratch(values),
    ...describeStore(hints.connection),
    ...describeRegistryStore(hints.registryStorage),
    databases: readDatabases(values),
    gitaly: readGitaly(values, given),
    skipped: ARCHIVE_COMPONENTS.filter((component) => given.skipped.has(component)),
    findings: [...findings, ...notes].map(withoutOption),
    unread: [...hints.unread],
  };
};

/** What to give a command helps nobody who runs none. */
const withoutOption = ({
  code,
  severity,
  path,
  message,
  remedy,
}: ValuesFinding): ReadRelease['findings'][number] => ({
  code,
  severity,
  path,
  message,
  remedy,
});

/** Source: Amazon S3 User Guide, "General purpose bucket naming rules". */
const isBucketName = (text: string): boolean => /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(text);

const named = <Key extends 'backupBucket' | 'tmpBucket'>(
  key: Key,
  values: ChartValues,
  path: string,
): { readonly [Name in Key]?: string } => {
  const name = bucketAt(values, path, '')[0]?.name;
  return name !== undefined && isBucketName(name) ? ({ [key]: name } as { [Name in Key]: string }) : {};
};

const describeUpload = (given: BackupArguments, hints: SecretHints): ReadRelease['upload'] => {
  const tool = given.valueOf('--s3tool-backup') ?? given.valueOf('--s3tool');
  const { hasS3cfg, s3cmdPartBytes } = hints;
  return {
    tool: tool === 'awscli' ? 'awscli' : 's3cmd',
    known: hasS3cfg,
    ...(s3cmdPartBytes === undefined ? {} : { partBytes: s3cmdPartBytes }),
  };
};

/** Source: GitLab chart 9 and 10, charts/gitlab/charts/toolbox/templates/backup-job.yaml, its volumes. */
const describeScratch = (values: ChartValues): ReadRelease['scratch'] => {
  const at = `${CRON}.persistence`;
  if (!values.isOn(`${at}.enabled`)) return { kind: 'node-disk' };
  const bytes = parseByteSize(values.text(`${at}.size`) ?? '');
  return {
    kind: values.isOn(`${at}.useGenericEphemeralVolume`) ? 'generic-ephemeral' : 'persistent',
    ...(bytes === undefined || bytes === 0 ? {} : { bytes }),
  };
};
