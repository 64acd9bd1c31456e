import type { RestoreFacts } from '../../../functions/backup/restore/prechecks/facts.ts';
import { judgePrechecks } from '../../../functions/backup/restore/prechecks/judge-prechecks.ts';
import { RESTORE_RULES } from '../../../functions/backup/restore/prechecks/rules/registry.ts';
import { known } from '../preflight/preflight-facts.ts';
import { buildWorkload } from './restore-builders.ts';
import { ORDINARY_RESTORE, PLACE } from './restore-facts.ts';

/** The prechecks of an ordinary place, one fact of which is otherwise. */

export const judge = (changes: Partial<RestoreFacts> = {}) =>
  judgePrechecks({ ...ORDINARY_RESTORE, ...changes }, RESTORE_RULES);

export const checksOf = (changes: Partial<RestoreFacts>, code: string) =>
  judge(changes).checks.filter((check) => check.code === code);

const [web = buildWorkload('web'), ...others] = PLACE.workloads;
export const WEB = web;
export const place = (changes: Partial<typeof web>, more: object = {}) =>
  known({ ...PLACE, workloads: [{ ...web, ...changes }, ...others], ...more });
