import * as z from 'zod';
import { Drill } from './backup-drill.ts';
import { BucketPattern, Database, RoleArn } from './backup-places.ts';
import { KubernetesLabel, KubernetesName } from './scalars.ts';

/** How one GitLab is restored, and into which place beside it a backup is restored to look at it. */
export const Restore = z
  .strictObject({
    approvalHours: z
      .int()
      .min(1)
      .max(168)
      .default(24)
      .meta({ description: 'A plan that nobody approves within these hours ends.' }),
    deadlineHours: z
      .int()
      .min(1)
      .max(48)
      .default(24)
      .meta({ description: 'A Job of a restore that runs longer is ended.' }),
    scratch: z
      .strictObject({
        cluster: KubernetesName.optional().meta({
          description: 'EKS cluster, in the region of the site. Without it: that of the environment.',
        }),
        namespace: KubernetesLabel.meta({ description: 'Namespace of a GitLab that nobody works with.' }),
        release: KubernetesLabel.max(53)
          .default('gitlab')
          .meta({ description: 'Name of its Helm release; its values name buckets of its own.' }),
        role: RoleArn.optional().meta({
          description: 'Role of the ServiceAccount of its toolbox, whose rights are looked at beforehand.',
        }),
        database: Database.optional().meta({
          description:
            'RDS instance of that GitLab, for native sets: the one that is made of a backup takes its identifier over.',
        }),
        buckets: z
          .array(
            BucketPattern.refine(
              (text) => text !== '*',
              'would have objects copied into any bucket of the account',
            ),
          )
          .min(1)
          .optional()
          .meta({
            description:
              'Buckets of that GitLab, for native sets: objects are copied into them. "*" stands for any text.',
            examples: [['acme-scratch-*']],
          }),
      })
      .optional()
      .meta({ description: 'Where a backup is restored to unless somebody names an environment.' }),
    drill: Drill,
  })
  .refine(({ drill, scratch }) => drill === undefined || scratch !== undefined, {
    path: ['drill'],
    error: 'needs a place: write scratch beside it',
  })
  .prefault({})
  .meta({ description: 'How this GitLab is restored.' });
