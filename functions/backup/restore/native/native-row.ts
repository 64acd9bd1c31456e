import type { PreflightVerdict } from '../../preflight/preflight-rule.ts';
import type { RestoreFacts } from '../prechecks/facts.ts';
import type { RestoreRule } from '../prechecks/restore-rule.ts';
import type { NativeView } from './native-view.ts';

/** One rule over what was gathered of a native set: a row of `native-rules.ts`. */
export type NativeRow = Omit<RestoreRule, 'judge'> & {
  readonly judge: (view: NativeView, facts: RestoreFacts) => readonly PreflightVerdict[];
};
