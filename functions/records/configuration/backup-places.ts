import * as z from 'zod';
import { KubernetesName } from './scalars.ts';

/** Where backups go: the buckets, keys and recovery points that the backup section names. */

/** Source: Amazon S3 User Guide, "General purpose bucket naming rules". */
export const BucketName = z
  .string()
  .regex(
    /^(?!xn--|sthree-|amzn-s3-demo-)(?!.*\.\.)(?!\d+\.\d+\.\d+\.\d+$)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
    'must be the name of an S3 bucket: 3 to 63 characters of a-z, 0-9, "." and "-"',
  );

export const BucketPattern = z
  .string()
  .regex(/^[a-z0-9.*-]{1,63}$/, 'must be the name of an S3 bucket, in which "*" stands for any text')
  // Whoever grants rights tells "any bucket" by the one star.
  .refine(
    (text) => !/^\*{2,}$/.test(text),
    'means any bucket: write "*", by which nobody gets a right to change them',
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

export const Destination = z
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
    create: z.boolean().default(true).meta({
      description:
        'Drydock offers a stack that makes bucket and key. false: they are there already, and are only looked at.',
    }),
  })
  .meta({ description: 'Where archives go.' });

export const Secrets = z
  .strictObject({
    bucket: BucketName.meta({ description: 'Bucket of the secrets; never that of the archives.' }),
    kmsKey: KmsKey.meta({ description: 'Key that encrypts the secrets; never that of the archives.' }),
    helmValues: z.boolean().default(true).meta({
      description:
        'The values of the Helm release are kept too. They lie in Secrets that no name tells apart, so it takes the right to list those of the namespace.',
    }),
    names: z
      .array(KubernetesName)
      .max(100)
      .refine((names) => new Set(names).size === names.length, 'names a secret twice')
      .default([])
      .meta({
        description:
          'Secrets that are kept beside those that the chart makes and its values name; without helmValues, all that people made.',
        examples: [['gitlab-postgresql', 'gitlab-object-storage']],
      }),
  })
  .meta({ description: 'Where the secrets of GitLab go, without which no archive can be restored.' });

export const Copy = z
  .strictObject({
    region: Region.meta({ description: 'Region of the copy.' }),
    bucket: BucketName.meta({ description: 'Bucket of the copy.' }),
  })
  .meta({ description: 'A copy of each verified archive in another region, verified again.' });

/** Source: RDS API, CreateDBInstance: DBInstanceIdentifier. */
const DatabaseInstance = z
  .string()
  .regex(
    /^(?!.*--)[a-z][a-z0-9-]{0,62}(?<!-)$/,
    'must be the identifier of an RDS instance: up to 63 characters of a-z, 0-9 and "-", beginning with a letter',
  );

export const Database = z
  .strictObject({
    instance: DatabaseInstance.meta({ description: 'Identifier of the RDS instance.' }),
  })
  .meta({
    description:
      'The database of GitLab on Amazon RDS: its point in time is noted with each set, and a native set makes a snapshot.',
  });

export const Gitaly = z
  .strictObject({
    bucket: BucketName.meta({ description: 'Bucket into which Gitaly writes its backups.' }),
  })
  .meta({ description: 'Server-side backups of Gitaly; a native policy needs them.' });

export const RecoveryPoint = z
  .strictObject({
    vault: z
      .string()
      // AWS Backup API, CreateBackupVault: BackupVaultName.
      .regex(
        /^[A-Za-z0-9_-]{2,50}$/,
        'must be the name of a vault of AWS Backup: 2 to 50 letters, digits, "-" and "_"',
      )
      .meta({ description: 'Name of the vault.' }),
    resource: z
      .string()
      .regex(
        /^arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:(\d{12})?:\S+$/,
        'must be the ARN of what the vault holds copies of',
      )
      .meta({ description: 'ARN of what is backed up there, such as the file system of Gitaly.' }),
  })
  .meta({
    description: 'Something that AWS Backup keeps; its newest recovery point becomes a part of each set.',
  });

/** Source: IAM User Guide, "IAM identifiers": a path, and a name of up to 64 characters. */
export const RoleArn = z
  .string()
  .regex(
    /^arn:aws[a-z-]*:iam::\d{12}:role\/([\x21-\x7e]{1,510}\/)?[\w+=,.@-]{1,64}$/,
    'must be the ARN of an IAM role, such as "arn:aws:iam::123456789012:role/gitlab-toolbox"',
  );
