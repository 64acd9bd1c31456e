import { type BackupArguments, readBackupArguments } from './backup-arguments.ts';
import type { ChartMajor } from './chart-defaults.ts';
import type { ChartValues } from './chart-values.ts';
import { CRON, hasTemplate } from './cron.ts';
import type { ValuesVerdict } from './finding.ts';
import type { ValueMap } from './value-tree.ts';

/** What is known beside the values. Everything optional: what is not given and decides becomes `not-checked`. */
export interface LintContext {
  readonly chart?: ChartMajor;
  /** Who starts backups: Drydock or another scheduler outside of the cluster, or the CronJob of the chart. */
  readonly clock: 'outside' | 'chart';
  /** Expected size of the finished archive, in bytes. */
  readonly archiveBytes?: number;
  /** Version of the PostgreSQL server: `17.4`. */
  readonly postgresql?: string;
  /** Content of the secret behind `global.appConfig.object_store.connection`. */
  readonly connection?: ValueMap;
  /** Content of the secret behind `registry.storage`. */
  readonly registryStorage?: ValueMap;
  /** Part size that `.s3cfg` sets, in bytes; the tool's default when it sets none. */
  readonly s3cmdPartBytes?: number;
}

/**
 * One rule: a row of the registry. A new rule is one file, and one line in `rules/registry.ts`. Each holds for charts
 * 9.x and 10.x; where they differ, it asks the context.
 */
export interface ValuesRule {
  /** Stable, `kebab-case`; reports name it. */
  readonly code: string;
  /** What must be so, as a sentence without its dot. */
  readonly title: string;
  /** Judges the values; no verdict is a pass. Never throws, whatever the values hold. */
  readonly judge: (values: ChartValues, context: LintContext) => readonly ValuesVerdict[];
}

/** A rule over what the CronJob gives `backup-utility`; without a CronJob there is nothing to judge. */
export const defineArgumentRule = (definition: {
  readonly code: string;
  readonly title: string;
  readonly judge: (
    given: BackupArguments,
    values: ChartValues,
    context: LintContext,
  ) => readonly ValuesVerdict[];
}): ValuesRule => ({
  ...definition,
  judge: (values, context) =>
    hasTemplate(values)
      ? definition.judge(readBackupArguments(values.text(EXTRA_ARGS) ?? ''), values, context)
      : [],
});

export const EXTRA_ARGS = `${CRON}.extraArgs`;
