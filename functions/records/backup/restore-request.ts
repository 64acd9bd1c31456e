import * as z from 'zod';
import { BackupSetId } from './set-id.ts';

/** What a person asks of the restore machine: the environment is typed, and whatever destroys is typed twice. */

const Words = (what: string) =>
  z
    .string({ error: `say ${what}` })
    .trim()
    .min(1, `say ${what}`)
    .max(200);

/** As target: a place beside the environment, in which nobody works. */
export const SCRATCH = 'scratch';

/** A precheck that a person lets pass, by its code and with a reason. */
const RestoreOverride = z.strictObject({
  check: Words('which check: its code in the plan, such as "gitops"'),
  why: Words('why it may be passed over'),
});
type RestoreOverride = z.output<typeof RestoreOverride>;

export const RestoreRequest = z
  .strictObject({
    /** Whose backup; a name in drydock.yaml. There is no default. */
    environment: Words('whose backup is restored: the name of an environment in drydock.yaml'),
    /** Absent: the newest verified one that brings a whole GitLab back. */
    set: BackupSetId.optional(),
    /** `scratch`, or the name of the environment whose GitLab is replaced. */
    target: Words(`where to: "${SCRATCH}", or the name of the environment that is replaced`).default(SCRATCH),
    /** The target once more, when it is no scratch. */
    confirm: z.string().optional(),
    by: Words('who you are'),
    why: Words('why it is restored'),
    /** Ends with the plan. */
    dryRun: z.boolean().default(true),
    overrides: z.array(RestoreOverride).max(50).default([]),
    /**
     * Id of the drill that this restore belongs to. Nobody is asked for its approval, which is `restore.drill` of
     * drydock.yaml, so the record of that drill has to name this very execution; written by hand it is refused.
     */
    drill: z.string().min(1).max(80).optional(),
  })
  .superRefine(({ drill, target, overrides }, context) => {
    if (drill === undefined) return;
    const refuse = (path: string, message: string): void =>
      context.addIssue({ code: 'custom', path: [path], message });
    if (target !== SCRATCH) refuse('target', `a drill restores into "${SCRATCH}" and nowhere else`);
    if (overrides.length > 0) refuse('overrides', 'a drill lets no check pass: it proves what holds without');
  })
  .superRefine(({ target, confirm, dryRun }, context) => {
    if (target === SCRATCH || dryRun || confirm === target) return;
    const message =
      confirm === undefined
        ? `type "${target}" here as well: everything in that GitLab is replaced by what is in the backup`
        : `is not "${target}": type the target here once more, exactly as above`;
    context.addIssue({ code: 'custom', path: ['confirm'], message });
  });
export type RestoreRequest = z.output<typeof RestoreRequest>;
