import { ARCHIVE_COMPONENTS } from '../../records/backup/components.ts';
import type { BackupArguments } from '../values/backup-arguments.ts';
import { parseBackupId } from './backup-id.ts';
import type { BackupCommand } from './extra-arguments.ts';
import { quoteArgument } from './shell-quoting.ts';

export type Component = (typeof ARCHIVE_COMPONENTS)[number];

/** What one run asks of the backup tool. */
export interface RunWishes {
  /** Id of the set, of `backupId`. */
  readonly backupId: string;
  readonly skip: readonly Component[];
  readonly storageClass?: string;
  /** Without it the tool takes what the chart's values say, and s3cmd where they say nothing. */
  readonly s3Tool?: 'awscli' | 's3cmd';
  /** ARN, id or alias of the key that encrypts the archive. The tool hands it on with awscli only. */
  readonly kmsKeyId?: string;
  /** Gitaly writes the repositories into a bucket of its own. */
  readonly repositoriesServerSide?: boolean;
}

/** Flags whose run would be no backup, or a backup that this run does not own. */
const REFUSED: readonly { readonly flags: readonly string[]; readonly why: string }[] = [
  {
    flags: ['-t', '--timestamp'],
    why: 'they name the archive themselves (-t), and each run has to name its own',
  },
  {
    flags: ['--maximum-backups'],
    why: 'they delete older archives by number (--maximum-backups), verified or not; retention does that here',
  },
  {
    flags: ['--restore', '--cleanup', '-f', '--file', '-h', '--help'],
    why: 'they ask for something else than a backup (--restore, --cleanup, --file or --help)',
  },
];

/**
 * The command with the arguments of one run in it, or a text that says what contradicts it. What the chart's values
 * say is kept, behind ours.
 */
export const writeCommand = (command: BackupCommand, wishes: RunWishes): { text: string } | string => {
  const { given, head, extra } = command;
  const problem = findContradiction(given, wishes);
  if (problem !== undefined) return problem;
  const { backupId: id, skip, storageClass, s3Tool, kmsKeyId, repositoriesServerSide } = wishes;
  const missing = (flag: string, value: string | undefined): string[] =>
    value === undefined || given.has(flag) ? [] : [flag, value];
  const words = [
    '-t',
    id,
    ...skip.filter((name) => !given.skips.includes(name)).flatMap((name) => ['--skip', name]),
    ...missing('--storage-class', storageClass),
    ...missing('--s3tool', s3Tool),
    ...missing('--aws-kms-key-id', kmsKeyId),
    ...(repositoriesServerSide && !given.has(SERVER_SIDE) ? [SERVER_SIDE] : []),
  ];
  return { text: [head, ...words.map(quoteArgument), ...(extra ? [extra] : [])].join(' ') };
};

const SERVER_SIDE = '--repositories-server-side';
const PARTLY = ['--s3tool-backup', '--s3tool-data'];
/** A storage class is a name of S3, and a key one of KMS. */
const NAME = /^[\w:/.-]{1,256}$/;

const findContradiction = (given: BackupArguments, wishes: RunWishes): string | undefined => {
  const { skip, storageClass, s3Tool, kmsKeyId, repositoriesServerSide } = wishes;
  if (!parseBackupId(wishes.backupId)) return 'the run has no id that the tool would find again';
  const strange = [storageClass, kmsKeyId].some((name) => name !== undefined && !NAME.test(name));
  if (strange) return 'the storage class or the key of the run is none';
  const refused = REFUSED.find(({ flags }) => given.has(...flags));
  if (refused) return `its extraArgs can not stay: ${refused.why}`;
  const surplus = [...given.skipped].filter((name) => !skip.some((asked) => asked === name));
  if (surplus.length > 0) {
    return `its extraArgs skip ${surplus.join(', ')}, which this run does not: take that --skip away, or name it in the policy`;
  }
  const unclear = given.skips.filter((name) => !ARCHIVE_COMPONENTS.some((known) => known === name));
  if (unclear.length > 0) return 'its extraArgs skip something that is no component by its own name';
  const others = [
    ['--storage-class', storageClass],
    ['--s3tool', s3Tool],
    ['--aws-kms-key-id', kmsKeyId],
  ].flatMap(([flag = '', wanted]) => {
    const set = given.valueOf(flag);
    return given.has(flag) && wanted !== undefined && set !== wanted ? [flag] : [];
  });
  if (others.length > 0) return `its extraArgs say something else than this run of ${others.join(', ')}`;
  if (s3Tool !== undefined && given.has(...PARTLY)) {
    return `its extraArgs choose a tool for S3 in parts (${PARTLY.join(', ')}), and this run chooses one`;
  }
  const uploads = s3Tool ?? given.valueOf('--s3tool', '--s3tool-backup');
  if (kmsKeyId !== undefined && uploads !== 'awscli') {
    return 'the archive is to be encrypted by a key of KMS, and the tool hands that on with --s3tool awscli only';
  }
  const isServerSide = repositoriesServerSide === true || given.has(SERVER_SIDE);
  if (isServerSide && skip.includes('repositories')) {
    return `${SERVER_SIDE} together with --skip repositories backs up no repository at all, and ends green`;
  }
  return undefined;
};
