import * as z from 'zod';
import { TagPolicy } from '../tag-policy.ts';
import { WorkloadKind } from '../workload.ts';
import { ImageName, KubernetesLabel, KubernetesName, Name } from './scalars.ts';
import { WatchOverrides } from './watch.ts';

/** A target: one container of one workload, the image it follows, and what Drydock may do about it. */

/** Namespaces of the cluster itself: our role has no right there, and no image of theirs is ours to change. */
const SYSTEM_NAMESPACES = new Set(['kube-system', 'kube-public', 'kube-node-lease']);

const ROLLBACKS = ['auto', 'report', 'never'] as const;
type Rollback = (typeof ROLLBACKS)[number];

const Workload = z
  .strictObject({
    kind: WorkloadKind.meta({ description: 'Kind of the workload.' }),
    namespace: KubernetesLabel.refine((name) => !SYSTEM_NAMESPACES.has(name), {
      error: 'is a namespace of the cluster itself, in which Drydock has no rights',
    }).meta({ description: 'Namespace of the workload.' }),
    name: KubernetesName.meta({ description: 'Name of the workload.' }),
  })
  .meta({ description: 'The workload whose image is changed.' });

/**
 * Where a rollback is safe without asking: a Deployment's previous ReplicaSet is still there. Pods of a StatefulSet
 * or DaemonSet may have changed what lies on their volumes and nodes; a CronJob has no rollout to judge.
 */
const defaultRollback = (kind: WorkloadKind): Rollback => (kind === 'Deployment' ? 'auto' : 'report');

export const Target = z
  .strictObject({
    environment: Name.meta({ description: 'The environment it runs in.' }),
    workload: Workload,
    container: KubernetesLabel.optional().meta({ description: 'Name of the container whose image is set.' }),
    initContainer: KubernetesLabel.optional().meta({
      description: 'Instead of container: an init container.',
    }),
    image: ImageName.meta({
      description: 'The image to follow, as <registry host>/<repository>, without tag and digest.',
      examples: ['registry.example.com/shop/web'],
    }),
    policy: TagPolicy.meta({ description: 'Which tags may run, and which of two is the newer.' }),
    mode: z
      .enum(['observe', 'act'])
      .default('observe')
      .meta({ description: 'observe: say what would be done. act: do it.' }),
    takeOwnership: z.boolean().default(false).meta({
      description:
        'Change the image even if Helm, Argo CD or Flux owns that field. Their next run will conflict or undo it.',
    }),
    rollback: z.enum(ROLLBACKS).optional().meta({
      description:
        'auto: go back to the previous image when a rollout fails. report: only tell. never: forbid it, also by hand. Default: auto for a Deployment, report otherwise.',
    }),
    watch: WatchOverrides.optional(),
  })
  .superRefine((target, context) => {
    if ((target.container === undefined) === (target.initContainer === undefined)) {
      const message =
        target.container === undefined
          ? 'needs the name of a container: write container (or initContainer)'
          : 'names both container and initContainer; a target is one of them';
      context.addIssue({ code: 'custom', path: [], message });
    }
    if (target.workload.kind === 'CronJob' && target.rollback === 'auto') {
      const message = 'is not possible for a CronJob, which has no rollout to judge; allowed: report, never';
      context.addIssue({ code: 'custom', path: ['rollback'], message });
    }
  })
  .transform((target) => ({ ...target, rollback: target.rollback ?? defaultRollback(target.workload.kind) }))
  .meta({ description: 'One container of one workload that follows one image.' });
