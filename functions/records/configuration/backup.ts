import * as z from 'zod';
import { BackupPolicy } from './backup-policy.ts';
import { KubernetesLabel, KubernetesName, Name } from './scalars.ts';

/** The backup capability: where archives go, when they are made, and how long they last. */

/** Source: Amazon S3 User Guide, "General purpose bucket naming rules". */
const BucketName = z
  .string()
  .regex(
    /^(?!xn--|sthree-|amzn-s3-demo-)(?!.*\.\.)(?!\d+\.\d+\.\d+\.\d+$)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
    'must be the name of an S3 bucket: 3 to 63 characters of a-z, 0-9, "." and "-"',
  );

const Region = z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'must be an AWS region, such as "eu-central-1"');

/** Source: AWS KMS Developer Guide, "Key identifiers"; `alias/aws/` belongs to services, and no role may use it. */
const KmsKey = z
  .string()
  .regex(
    /^(arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:)?(alias\/(?!aws\/)[A-Za-z0-9/_-]{1,250}|key\/[0-9a-f-]{36}|key\/mrk-[0-9a-f]{32})$/,
    'must be the alias or the ARN of a KMS key of yours, such as "alias/gitlab-backups"',
  )
  .meta({ description: 'KMS key, by alias or ARN.', examples: ['alias/gitlab-backups'] });

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
    destination: z
      .strictObject({
        bucket: BucketName.meta({ description: 'Bucket of the archives, with object lock.' }),
        account: z
          .string()
          .regex(/^\d{12}$/, 'must be an AWS account id of 12 digits, in quotes')
          .optional()
          .meta({ description: 'Account of the bucket; better another one. Without it: that of the site.' }),
        region: Region.optional().meta({
          description: 'Region of the bucket. Without it: that of the site.',
        }),
        kmsKey: KmsKey.optional().meta({
          description: 'Key that encrypts the archives. Without it: the default of the bucket.',
        }),
      })
      .meta({ description: 'Where archives go.' }),
    tmpBucket: BucketName.meta({
      description: 'Bucket in which a restore keeps what it replaces; the tmpBucket of the chart.',
    }),
    secrets: z
      .strictObject({
        bucket: BucketName.meta({ description: 'Bucket of the secrets; never that of the archives.' }),
        kmsKey: KmsKey.meta({ description: 'Key that encrypts the secrets; never that of the archives.' }),
      })
      .meta({ description: 'Where the secrets of GitLab go, without which no archive can be restored.' }),
    copy: z
      .strictObject({
        region: Region.meta({ description: 'Region of the copy.' }),
        bucket: BucketName.meta({ description: 'Bucket of the copy.' }),
      })
      .optional()
      .meta({ description: 'A copy of each verified archive in another region, verified again.' }),
    lock: Lock,
    job: z
      .strictObject({
        scratchSize: z
          .string()
          .regex(/^[1-9]\d{0,4}(Gi|Ti)$/, 'must be a size such as "400Gi" or "2Ti"')
          .default('100Gi')
          .meta({ description: 'Disk on which an archive is put together; three times its size.' }),
        storageClass: KubernetesName.optional().meta({
          description: 'Storage class of that disk. Without it: the default of the cluster.',
        }),
        deadlineHours: z
          .int()
          .min(1)
          .max(48)
          .default(12)
          .meta({ description: 'A backup that runs longer is ended.' }),
      })
      .prefault({})
      .meta({ description: 'The Job that makes an archive.' }),
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
