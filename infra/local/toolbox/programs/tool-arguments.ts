import { parseArgs } from 'node:util';
import { BUCKET_COMPONENTS, type BucketComponent } from '../../gitlab-release/names.ts';

/** What `backup-utility` is asked for. Source: CNG, gitlab-toolbox/scripts/bin/backup-utility, its help. */
export interface ToolArguments {
  readonly action: 'backup' | 'restore';
  readonly id: string | undefined;
  readonly skip: ReadonlySet<string>;
  readonly storageClass: string | undefined;
  readonly kmsKeyId: string | undefined;
  readonly serverSide: boolean;
}

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;

/** @throws Error for what the tool does not know. */
export const readToolArguments = (args: readonly string[]): ToolArguments => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      restore: flag,
      timestamp: { ...text, short: 't' },
      skip: { ...text, multiple: true },
      backend: text,
      s3config: text,
      s3tool: text,
      's3tool-backup': text,
      's3tool-data': text,
      'storage-class': text,
      'aws-kms-key-id': text,
      'aws-s3-endpoint-url': text,
      'aws-region': text,
      rsyncable: flag,
      'repositories-server-side': flag,
    },
  });
  return {
    action: values.restore ? 'restore' : 'backup',
    id: values.timestamp,
    skip: new Set((values.skip ?? []).flatMap((names) => names.split(','))),
    storageClass: values['storage-class'],
    kmsKeyId: values['aws-kms-key-id'],
    serverSide: values['repositories-server-side'] ?? false,
  };
};

/** The variable that names the bucket of a component. Source: GitLab chart, charts/toolbox/templates/_env.yaml. */
export const bucketVariable = (component: BucketComponent): string =>
  `${component.toUpperCase()}_BUCKET_NAME`;

/** In the order in which the tool takes them. */
export const TAKEN: readonly BucketComponent[] = BUCKET_COMPONENTS;

export const nameArchive = (id: string): string => `${id}_gitlab_backup.tar`;
