import * as z from 'zod';

/** How a rollout is watched: until when, how often, and how long a new pod may look broken before it counts. */

const DAY_SECONDS = 86_400;

/** A Lambda watches this long at most in one go, so that it ends well before its own time limit of 60 s. */
export const MAX_POLL_SECONDS = 50;

/**
 * Watches of one image that one execution may make. A rollout that fails makes as many again on its way back, each
 * leaves at most 10 events of history, and Step Functions ends an execution at 25,000; infra refuses what is above.
 */
export const MAX_POLLS = 1_000;

const seconds = (description: string) => z.int().min(0).max(DAY_SECONDS).meta({ description });

const graces = {
  imagePullBackOffSeconds: seconds('How long a new pod may fail to pull its image.'),
  crashLoopBackOffSeconds: seconds('How long a new pod may restart over and over.'),
  createContainerConfigErrorSeconds: seconds('How long a new pod may miss a ConfigMap or Secret.'),
  oomKilledSeconds: seconds('How long a new pod may be killed for memory.'),
  unschedulableSeconds: seconds('How long a new pod may find no node (a node may be on its way).'),
};

const deadlineSeconds = z
  .int()
  .min(10)
  .max(DAY_SECONDS)
  .meta({ description: 'When a rollout that is not healthy by then has failed.' });

const pollSeconds = z.int().min(1).max(MAX_POLL_SECONDS).meta({
  description: 'How long one watch lasts before the machine loops; changes are seen at once anyway.',
});

const steadySeconds = z
  .int()
  .min(0)
  .max(3_600)
  .meta({ description: 'How long new pods must stay ready before the rollout counts as healthy.' });

export const Watch = z
  .strictObject({
    deadlineSeconds: deadlineSeconds.default(900),
    pollSeconds: pollSeconds.default(45),
    steadySeconds: steadySeconds.default(10),
    graces: z
      .strictObject({
        imagePullBackOffSeconds: graces.imagePullBackOffSeconds.default(60),
        crashLoopBackOffSeconds: graces.crashLoopBackOffSeconds.default(60),
        createContainerConfigErrorSeconds: graces.createContainerConfigErrorSeconds.default(30),
        oomKilledSeconds: graces.oomKilledSeconds.default(60),
        unschedulableSeconds: graces.unschedulableSeconds.default(300),
      })
      .prefault({})
      .meta({ description: 'How long a new pod may look broken before the rollout has failed.' }),
  })
  .meta({ description: 'How a rollout is watched.' });
export type Watch = z.output<typeof Watch>;

/** What a target may say otherwise than the defaults of its capability. */
export const WatchOverrides = z
  .strictObject({
    deadlineSeconds: deadlineSeconds.optional(),
    pollSeconds: pollSeconds.optional(),
    steadySeconds: steadySeconds.optional(),
    graces: z
      .strictObject(graces)
      .partial()
      .optional()
      .meta({ description: 'How long a new pod of this target may look broken.' }),
  })
  .meta({ description: 'What is different for this target.' });

/** Fills what a target left out from the defaults. */
export const fillWatch = (defaults: Watch, overrides: z.output<typeof WatchOverrides> = {}): Watch => {
  const given = overrides.graces ?? {};
  return {
    deadlineSeconds: overrides.deadlineSeconds ?? defaults.deadlineSeconds,
    pollSeconds: overrides.pollSeconds ?? defaults.pollSeconds,
    steadySeconds: overrides.steadySeconds ?? defaults.steadySeconds,
    graces: {
      imagePullBackOffSeconds: given.imagePullBackOffSeconds ?? defaults.graces.imagePullBackOffSeconds,
      crashLoopBackOffSeconds: given.crashLoopBackOffSeconds ?? defaults.graces.crashLoopBackOffSeconds,
      createContainerConfigErrorSeconds:
        given.createContainerConfigErrorSeconds ?? defaults.graces.createContainerConfigErrorSeconds,
      oomKilledSeconds: given.oomKilledSeconds ?? defaults.graces.oomKilledSeconds,
      unschedulableSeconds: given.unschedulableSeconds ?? defaults.graces.unschedulableSeconds,
    },
  };
};
