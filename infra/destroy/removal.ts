import type { Vault } from '../vault-choice.ts';
import type { DeployedResource } from './deployed-stack.ts';

/** What a removal does, for the person who is about to confirm it. */
export interface Removal {
  readonly site: string;
  readonly stack: string;
  readonly account: string;
  readonly region: string;
  readonly resources: readonly DeployedResource[];
  /** Where backups of the site lie, by their environments. */
  readonly vaults?: readonly Pick<Vault, 'environment' | 'account' | 'stacks'>[];
}

/** Says what goes and what stays. */
export const describeRemoval = (removal: Removal): string => {
  const { site, stack, account, region, resources, vaults = [] } = removal;
  const kept = resources.filter(({ isRetained }) => isRetained);
  const going = resources.filter(({ isRetained }) => !isRetained);
  return [
    `Site ${site}: stack ${stack} in account ${account}, region ${region}.`,
    '',
    `Removed: ${going.length} resources. Rollouts that run now are left where they are.`,
    ...countTypes(going).map(([type, count]) => `  ${String(count).padStart(3)}  ${type}`),
    '',
    kept.length > 0 ? `Stays: ${kept.length} resources, with all that is in them.` : 'Stays: nothing.',
    ...kept.map(({ type, physicalId }) => `       ${type}  ${physicalId}`),
    '',
    'Not touched, since they are not part of the stack: your secrets in Secrets Manager, and the Role and',
    'RoleBinding that an administrator applied in each cluster.',
    ...vaults.flatMap(describeVault),
  ].join('\n');
};

/** What is locked there, no command of ours can remove; and no new backup will come. */
const describeVault = ({
  environment,
  account,
  stacks,
}: Pick<Vault, 'environment' | 'account' | 'stacks'>) => [
  `The backups of ${environment} stay in account ${account}, under their lock: ${stacks.join(', ')}. No new one is made.`,
];

/** The commands that remove what stays, for a person who wants that as well; a comment says what is lost. */
export const listRemovalCommands = (resources: readonly DeployedResource[], region: string): string[] =>
  resources
    .filter(({ isRetained }) => isRetained)
    // A key last: without it nothing that was encrypted with it can be read any more.
    .toSorted((a, b) => Number(a.type === KEY) - Number(b.type === KEY))
    .flatMap((resource) => COMMANDS[resource.type]?.(resource.physicalId, region) ?? byHand(resource));

const KEY = 'AWS::KMS::Key';

/** Per type of resource that a stack of ours leaves; one that is missing here is named for removal by hand. */
const COMMANDS: Readonly<Record<string, (id: string, region: string) => string[]>> = {
  'AWS::S3::BucketPolicy': () => [],
  'AWS::S3::Bucket': (bucket, region) => [
    `# Every record of this site, all versions: what was deployed, when and why.`,
    // Its policy forbids to delete versions.
    `aws s3api delete-bucket-policy --region ${region} --bucket ${bucket}`,
    `while aws s3api list-object-versions --region ${region} --bucket ${bucket} --max-items 1000 --output json ` +
      `--query '{Objects: [Versions, DeleteMarkers][].{Key: Key, VersionId: VersionId}}' > versions.json ` +
      `&& grep -q VersionId versions.json; do ` +
      `aws s3api delete-objects --region ${region} --bucket ${bucket} --delete file://versions.json > deleted.json ` +
      // It ends well also when single versions are refused, over and over.
      `&& ! grep -q '"Errors"' deleted.json || break; done`,
    `aws s3api delete-bucket --region ${region} --bucket ${bucket}`,
  ],
  [KEY]: (key, region) => [
    `# Thirty days later nothing that was encrypted with this key can be read any more.`,
    `aws kms schedule-key-deletion --region ${region} --key-id ${key} --pending-window-in-days 30`,
  ],
};

const byHand = ({ type, physicalId }: DeployedResource): string[] => [
  `# ${type} ${physicalId}: remove it in the console of its service.`,
];

/** Types with their counts, the most frequent first. */
const countTypes = (resources: readonly DeployedResource[]): [string, number][] => {
  const counts = new Map<string, number>();
  for (const { type } of resources) counts.set(type, (counts.get(type) ?? 0) + 1);
  return [...counts].toSorted(([a, left], [b, right]) => right - left || a.localeCompare(b));
};
