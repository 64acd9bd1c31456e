import * as z from 'zod';
import { Name } from './scalars.ts';
import { Target } from './target.ts';
import { fillWatch, MAX_POLLS, Watch } from './watch.ts';

/** The deployment capability: off until this section is there. */
export const Deployment = z
  .strictObject({
    sweep: z
      .strictObject({
        everyMinutes: z
          .int()
          .min(5)
          .max(1_440)
          .default(15)
          .meta({ description: 'How often lost events are looked for by listing tags.' }),
      })
      .prefault({})
      .meta({ description: 'The scheduled repair of what webhooks missed.' }),
    watch: Watch.prefault({}).meta({
      description: 'How rollouts are watched unless a target says otherwise.',
    }),
    targets: z
      .record(Name, Target)
      .default({})
      .meta({ description: 'What may be deployed, under names of your own.' }),
  })
  .transform((deployment) => ({
    ...deployment,
    targets: Object.fromEntries(
      Object.entries(deployment.targets).map(([name, target]) => [
        name,
        { ...target, watch: fillWatch(deployment.watch, target.watch) },
      ]),
    ),
  }))
  .superRefine((deployment, context) => {
    for (const [name, { watch }] of Object.entries(deployment.targets)) {
      const polls = Math.ceil(watch.deadlineSeconds / watch.pollSeconds);
      if (polls <= MAX_POLLS) continue;
      context.addIssue({
        code: 'custom',
        path: ['targets', name],
        message:
          `a deadline of ${watch.deadlineSeconds} s in polls of ${watch.pollSeconds} s makes ${polls} watches, ` +
          `and one execution has room for ${MAX_POLLS}; raise pollSeconds or lower deadlineSeconds`,
      });
    }
  })
  .meta({ description: 'A pushed image becomes a watched rollout.' });
export type Deployment = z.output<typeof Deployment>;
export type Target = Deployment['targets'][string];
