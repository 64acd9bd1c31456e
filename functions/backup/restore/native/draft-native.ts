import { BUCKET_COMPONENTS } from '../../../records/backup/components.ts';
import type { NativeRestore } from '../../../records/backup/native-restore.ts';
import type { RestorePrecheck } from '../../../records/backup/restore-plan.ts';
import type { RestoreFacts } from '../prechecks/facts.ts';
import { judgePrechecks } from '../prechecks/judge-prechecks.ts';
import { NATIVE_RESTORE_RULES } from '../prechecks/rules/registry.ts';
import { chooseSource } from './native-database-rule.ts';
import { nativeRules } from './native-rules.ts';
import type { NativeView } from './native-view.ts';

/** The plan of a restore of a native set. */

/** What comes back from where; of a database that can come from nowhere the prechecks say so. */
export const describeNative = (view: NativeView, now: Date): NativeRestore => {
  const { parts, names } = view;
  const source = chooseSource(view, now);
  return {
    ...(parts.database && source
      ? { database: { instance: parts.database.instance, source, ...names } }
      : {}),
    buckets: parts.buckets.flatMap(({ component, bucket, at }) => {
      const known = BUCKET_COMPONENTS.find((one) => one === component);
      return known ? [{ component: known, bucket, at }] : [];
    }),
    ...(parts.gitaly ? { repositories: { id: parts.gitaly.id, bucket: parts.gitaly.bucket } } : {}),
  };
};

/** Judges it by the rules that hold for every restore and by those of native sets. */
export const judgeNative = (view: NativeView, facts: RestoreFacts): readonly RestorePrecheck[] =>
  judgePrechecks(facts, [...NATIVE_RESTORE_RULES, ...nativeRules(view)]).checks;
