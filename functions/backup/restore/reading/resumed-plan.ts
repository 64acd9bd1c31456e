import { createHash } from 'node:crypto';
import type { RestoreRun } from '../../../records/backup/restore.ts';
import type { RestorePlan } from '../../../records/backup/restore-plan.ts';

/** A run that was left in the middle goes on by its own plan, which somebody approves once more. */

/**
 * The plan of a run for the execution that is to go on with it. It has a name of its own: what an approval is bound to
 * is this going on, with what the person lets pass now.
 */
export const resumePlan = (
  { id, plan }: Pick<RestoreRun, 'id' | 'plan'>,
  about: Pick<RestorePlan, 'request' | 'madeAt' | 'execution'>,
): RestorePlan => {
  const passed = about.request.overrides.map(({ check }) => check);
  const text = JSON.stringify([plan.id, id, passed]);
  const name = createHash('sha256').update(text).digest('hex').slice(0, 32);
  return { ...plan, ...about, id: name, resumes: id };
};

/** Checks that are let pass from now on: those of before, and those of whoever has it go on. */
export const addOverrides = (plan: RestorePlan, { request }: Pick<RestorePlan, 'request'>): RestorePlan => {
  const named = new Set(request.overrides.map(({ check }) => check));
  const kept = plan.request.overrides.filter(({ check }) => !named.has(check));
  return { ...plan, request: { ...plan.request, overrides: [...kept, ...request.overrides] } };
};
