import { BUCKET_COMPONENTS } from '../../../records/backup/components.ts';
import type { NativeRestore } from '../../../records/backup/native-restore.ts';
import type { RestorePrecheck } from '../../../records/backup/restore-plan.ts';
import type { RestoreFacts } from '../prechecks/facts.ts';
import { judgePrechecks } from '../prechecks/judge-prechecks.ts';
import { NATIVE_RESTORE_RULES } from '../prechecks/rules/registry.ts';
import { chooseSource } from './native-database-rule.ts';
import { bucketOf } from './native-objects-rule.ts';
import { nativeRules } from './native-rules.ts';
import type { NativeView } from './native-view.ts';

/** The plan of a restore of a native set. */

/** What comes back from where; of a database that can come from nowhere the prechecks say so. */
export const describeNative = (
  view: NativeView,
  { now, release }: Pick<RestoreFacts, 'now' | 'release'>,
): NativeRestore => {
  const { parts, names, place } = view;
  const source = chooseSource(view, now);
  const origin = parts.database?.instance;
  const instance = place.isOther ? place.instance : origin;
  return {
    ...(origin !== undefined && instance !== undefined && source
      ? { database: { instance, source, ...names, ...(instance === origin ? {} : { origin }) } }
      : {}),
    buckets: parts.buckets.flatMap(({ component, bucket, at }) => {
      const known = BUCKET_COMPONENTS.find((one) => one === component);
      if (!known) return [];
      const into = place.isOther && release.known ? bucketOf(release.value, known) : undefined;
      return [{ component: known, bucket, at, ...(into === undefined ? {} : { into }) }];
    }),
    ...(parts.gitaly ? { repositories: { id: parts.gitaly.id, bucket: parts.gitaly.bucket } } : {}),
  };
};

/** Judges it by the rules that hold for every restore and by those of native sets. */
export const judgeNative = (view: NativeView, facts: RestoreFacts): readonly RestorePrecheck[] =>
  judgePrechecks(facts, [...NATIVE_RESTORE_RULES, ...nativeRules(view)]).checks;
