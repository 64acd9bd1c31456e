import * as z from 'zod';
import {
  BucketName,
  BucketPattern,
  Copy,
  Database,
  Destination,
  Gitaly,
  RecoveryPoint,
  RoleArn,
  Secrets,
} from './backup-places.ts';
import { BackupPolicy } from './backup-policy.ts';
import { Restore } from './backup-restore.ts';
import { KubernetesLabel, KubernetesName, Name } from './scalars.ts';

/** The backup capability: where archives go, when they are made, and how long they last. */

/** Each is asked for in every run, one call after the other. */
const MAX_RECOVERY_POINTS = 20;

/** What a person types who wants a lock that nobody, AWS included, can open before its time. */
export const COMPLIANCE_CONFIRMATION = 'nobody can delete these backups before their time';

const lockDays = z
  .int()
  .min(1)
  .max(3650)
  .default(14)
  .meta({ description: 'Days for which an archive is locked after it was written.' });

const Lock = z
  .discriminatedUnion('mode', [
    z.strictObject({
      mode: z
        .literal('governance')
        .meta({ description: 'A person with a right of its own may open the lock; no role of Drydock may.' }),
      days: lockDays,
    }),
    z.strictObject({
      mode: z
        .literal('compliance')
        .meta({ description: 'Nobody may open the lock, the account root included.' }),
      days: lockDays,
      confirmation: z
        .literal(COMPLIANCE_CONFIRMATION)
        .meta({ description: 'The sentence that says you mean it, as it stands here.' }),
    }),
  ])
  .prefault({ mode: 'governance' })
  .meta({ description: 'Object lock of the archives.' });

const Environment = z
  .strictObject({
    namespace: KubernetesLabel.default('gitlab').meta({ description: 'Namespace of GitLab.' }),
    // Helm: a release name has at most 53 characters.
    release: KubernetesLabel.max(53)
      .default('gitlab')
      .meta({ description: 'Name of the Helm release of GitLab.' }),
    role: RoleArn.meta({
      description: "Role of the ServiceAccount under which GitLab's backup tool runs.",
    }),
    destination: Destination,
    tmpBucket: BucketName.meta({
      description: 'Bucket in which a restore keeps what it replaces; the tmpBucket of the chart.',
    }),
    secrets: Secrets,
    copy: Copy.optional(),
    database: Database.optional(),
    gitaly: Gitaly.optional(),
    sourceBuckets: z
      .array(BucketPattern)
      .min(1)
      .default(['*'])
      .meta({
        description:
          'Buckets in which GitLab keeps objects, "*" stands for any text: whether they are empty, have versions and are copied is looked up. Without it any bucket of the account may be asked.',
        examples: [['acme-gitlab-*']],
      }),
    recoveryPoints: z
      .array(RecoveryPoint)
      .max(MAX_RECOVERY_POINTS)
      .refine(
        (points) =>
          new Set(points.map(({ vault, resource }) => `${vault} ${resource}`)).size === points.length,
        {
          error: 'names a recovery point twice',
        },
      )
      .default([])
      .meta({ description: 'What AWS Backup keeps of this GitLab beside.' }),
    lock: Lock,
    job: z
      .strictObject({
        scratchSize: z
          .string()
          .regex(/^[1-9]\d{0,4}(Gi|Ti)$/, 'must be a size such as "400Gi" or "2Ti"')
          .optional()
          .meta({
            description:
              'Disk of its own on which an archive is put together; three times its size. Without it: what the values of the chart give.',
          }),
        storageClass: KubernetesName.optional().meta({
          description:
            'Storage class of that disk. Without it: the default of the cluster, which EKS has not by itself.',
        }),
        deadlineHours: z
          .int()
          .min(1)
          .max(48)
          .default(12)
          .meta({ description: 'A backup that runs longer is ended.' }),
      })
      .refine(({ scratchSize, storageClass }) => storageClass === undefined || scratchSize !== undefined, {
        path: ['storageClass'],
        error: 'is of a disk without a size; write scratchSize beside it',
      })
      .prefault({})
      .meta({ description: 'The Job that makes an archive.' }),
    verifyEveryDays: z
      .int()
      .min(1)
      .max(365)
      .default(7)
      .meta({ description: 'After so many days a verified set is read again.' }),
    restore: Restore,
    policies: z
      .record(Name, BackupPolicy)
      .refine((policies) => Object.keys(policies).length > 0, { error: 'needs at least one policy' })
      .meta({ description: 'When what is backed up, under names of your own.' }),
  })
  .meta({ description: 'How one GitLab is backed up.' });

/** The backup capability: off until this section is there. */
export const Backup = z
  .strictObject({
    environments: z
      .record(Name, Environment)
      .default({})
      .meta({ description: 'Environments that are backed up; no other is.' }),
  })
  .meta({ description: 'Backs GitLab up on a schedule, and proves each backup by its content.' });
export type Backup = z.output<typeof Backup>;
export type BackupSettings = z.output<typeof Environment>;
