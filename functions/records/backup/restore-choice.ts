import * as z from 'zod';

/** What a person decides when a restore failed after it had begun to destroy. */

/**
 * `resume`: go on at the step that failed. `put-back`: bring back what was there before, from the safety backup.
 * `open-anyway`: scale up what stands there, as it is. `abandon`, of a scratch alone: leave it as it stands, closed.
 */
export const RestoreChoiceWord = z.enum(['resume', 'put-back', 'open-anyway', 'abandon']);
export type RestoreChoiceWord = z.output<typeof RestoreChoiceWord>;

/** What answers the page: the run that is meant, typed by whoever read it. */
export const RestoreChoiceAnswer = z.object({
  restore: z.string().min(1),
  choice: RestoreChoiceWord,
  by: z.string().trim().min(1).max(200),
  why: z.string().trim().min(1).max(500),
});
export type RestoreChoiceAnswer = z.output<typeof RestoreChoiceAnswer>;

export const RestoreChoice = z.object({
  choice: RestoreChoiceWord,
  by: z.string(),
  why: z.string(),
  at: z.iso.datetime(),
});
export type RestoreChoice = z.output<typeof RestoreChoice>;
