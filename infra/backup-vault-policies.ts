import { AccountPrincipal, AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { siteRolePattern, VAULT_ROLES, type VaultRole, vaultRoleArn } from './backup-roles.ts';
import type { NamedSite } from './site.ts';

/** Who may do what with the buckets and keys of a vault: roles by their names, since they may not be there yet. */

/** Whose backups lie in a vault. */
export interface VaultOwner {
  /** In drydock.yaml. */
  readonly environment: string;
  readonly site: NamedSite;
  /** ARN of the role under which GitLab's backup tool runs. */
  readonly toolRole: string;
  /** The same of the scratch place, where that is another one: it restores from the vault, and empties its own place. */
  readonly scratchRole?: string | undefined;
}

/** Actions on a bucket, and on the objects in it. */
export interface VaultRights {
  readonly bucket?: readonly string[];
  readonly objects?: readonly string[];
}

type RightsOfRoles = Readonly<Partial<Record<VaultRole, VaultRights>>>;

/** Source: Service Authorization Reference, "Actions, resources, and condition keys for Amazon S3". */
const LIST = ['s3:GetBucketLocation', 's3:ListBucket'];
const READ = [
  's3:GetObject',
  's3:GetObjectAttributes',
  's3:GetObjectLegalHold',
  's3:GetObjectRetention',
  's3:GetObjectVersion',
  's3:GetObjectVersionAttributes',
];
const WRITE = ['s3:AbortMultipartUpload', 's3:ListMultipartUploadParts', 's3:PutObject'];
const LOOK = [
  ...LIST,
  's3:GetBucketObjectLockConfiguration',
  's3:GetBucketVersioning',
  's3:GetEncryptionConfiguration',
];
/** Versions alone: an object that is merely hidden would look deleted, and cost as before. */
const DELETE: VaultRights = {
  bucket: [...LIST, 's3:ListBucketVersions'],
  objects: ['s3:DeleteObjectVersion', 's3:GetObjectLegalHold', 's3:GetObjectRetention'],
};

export const ARCHIVE_RIGHTS = {
  preflight: { bucket: LOOK },
  verify: { bucket: LIST, objects: READ },
  copy: { bucket: LIST, objects: READ },
  // A restore looks whether an archive is still there, and reads none.
  advance: { bucket: ['s3:ListBucket'] },
  delete: DELETE,
} as const satisfies RightsOfRoles;
export const COPY_RIGHTS = {
  copy: { bucket: [...LIST, 's3:ListBucketMultipartUploads'], objects: [...READ, ...WRITE] },
  delete: DELETE,
} as const satisfies RightsOfRoles;
export const SECRET_RIGHTS = {
  // Nobody deletes: whoever still holds an archive can not use it without them.
  secrets: { bucket: LIST, objects: ['s3:GetObject', 's3:PutObject'] },
  // A restore keeps what it replaces there as well.
  restore: { bucket: LIST, objects: ['s3:GetObject', 's3:PutObject'] },
} as const satisfies RightsOfRoles;
/** The tool writes archives, and reads them when it restores. It deletes none: that is left to retention. */
const TOOL_RIGHTS: VaultRights = {
  bucket: [...LIST, 's3:ListBucketMultipartUploads'],
  objects: ['s3:GetObject', ...WRITE],
};

const SCRATCH_RIGHTS: VaultRights = { bucket: LIST, objects: ['s3:GetObject'] };

/** What the policy of a bucket allows the roles of the site. */
export const allowRoles = (
  { site }: VaultOwner,
  rights: RightsOfRoles,
  bucketArn: string,
): PolicyStatement[] =>
  VAULT_ROLES.flatMap((role) => allow(site.account, vaultRoleArn(site, role), rights[role] ?? {}, bucketArn));

/** What it allows GitLab's tool, and that of the scratch place. */
export const allowTools = ({ toolRole, scratchRole }: VaultOwner, bucketArn: string): PolicyStatement[] => [
  ...allow(accountOf(toolRole), toolRole, TOOL_RIGHTS, bucketArn),
  ...(scratchRole ? allow(accountOf(scratchRole), scratchRole, SCRATCH_RIGHTS, bucketArn) : []),
];

/**
 * A bucket policy refuses a principal that does not exist, so the account is the principal and the role the condition.
 * Of another account the role needs the same right in its own policy.
 */
const allow = (
  account: string,
  role: string,
  { bucket = [], objects = [] }: VaultRights,
  bucketArn: string,
): PolicyStatement[] =>
  [
    { actions: bucket, resource: bucketArn },
    { actions: objects, resource: `${bucketArn}/*` },
  ]
    .filter(({ actions }) => actions.length > 0)
    .map(
      ({ actions, resource }) =>
        new PolicyStatement({
          principals: [new AccountPrincipal(account)],
          actions: [...actions],
          resources: [resource],
          conditions: { ArnEquals: { 'aws:PrincipalArn': role } },
        }),
    );

/** Everything by which a lock is opened, shortened or switched off. */
const LOCK_ACTIONS = [
  's3:BypassGovernanceRetention',
  's3:DeleteBucket',
  's3:DeleteBucketPolicy',
  's3:PutBucketObjectLockConfiguration',
  's3:PutBucketPolicy',
  's3:PutBucketVersioning',
  's3:PutLifecycleConfiguration',
  's3:PutObjectLegalHold',
  's3:PutObjectRetention',
];

/**
 * Whatever rights they have or get: no role of the site and no tool touches a lock, no tool deletes anything, and that of
 * the scratch place, which empties buckets, writes nothing either.
 */
export const denyLocks = (
  { site, toolRole, scratchRole }: VaultOwner,
  bucketArn: string,
): PolicyStatement[] => {
  const scratch = scratchRole ? [scratchRole] : [];
  const deny = (sid: string, actions: readonly string[], roles: readonly string[]) =>
    new PolicyStatement({
      sid,
      effect: Effect.DENY,
      principals: [new AnyPrincipal()],
      actions: [...actions],
      resources: [bucketArn, `${bucketArn}/*`],
      conditions: { ArnLike: { 'aws:PrincipalArn': [...roles] } },
    });
  return [
    deny('KeepLocks', LOCK_ACTIONS, [siteRolePattern(site), toolRole, ...scratch]),
    deny('KeepArchives', ['s3:DeleteObject', 's3:DeleteObjectVersion'], [toolRole, ...scratch]),
    ...(scratchRole ? [deny('KeepFromScratch', ['s3:PutObject'], scratch)] : []),
  ];
};

/** What the policy of a key allows roles that use it by S3. */
export const allowKeyByS3 = (role: string, actions: readonly string[], region: string): PolicyStatement =>
  allowKey(role, actions, { 'kms:ViaService': `s3.${region}.amazonaws.com` });

/** What it allows the roles that seal and open secrets: for this environment alone, and by no other service. */
export const allowSealing = ({ environment, site }: VaultOwner): PolicyStatement[] =>
  (['secrets', 'restore'] as const).map((role) =>
    allowKey(vaultRoleArn(site, role), ['kms:Decrypt', 'kms:GenerateDataKey'], {
      'kms:EncryptionContext:environment': environment,
    }),
  );

const allowKey = (
  role: string,
  actions: readonly string[],
  equal: Readonly<Record<string, string>>,
): PolicyStatement =>
  new PolicyStatement({
    principals: [new AccountPrincipal(accountOf(role))],
    actions: [...actions],
    resources: ['*'],
    conditions: { ArnEquals: { 'aws:PrincipalArn': role }, StringEquals: { ...equal } },
  });

const accountOf = (role: string): string => role.split(':')[4] ?? '';
