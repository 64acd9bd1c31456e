import { ARCHIVE_COMPONENTS } from '../../records/backup/components.ts';
import { splitWords } from './shell-words.ts';

/**
 * What a command line gives `backup-utility`.
 *
 * Source: CNG, gitlab-toolbox/scripts/bin/backup-utility, and GitLab documentation, charts, "Backing up a GitLab
 * installation".
 */
export interface BackupArguments {
  /** Is the flag there, in any of its spellings? */
  has(...flags: readonly string[]): boolean;
  /** What stands behind a flag; the tool takes the last one. */
  valueOf(...flags: readonly string[]): string | undefined;
  /** What stands behind each `--skip`, as it was written. */
  readonly skips: readonly string[];
  /** Components that are skipped by them. */
  readonly skipped: ReadonlySet<string>;
  /** Flags at which the tool stops, without what may stand behind a `=`. */
  readonly unknown: readonly string[];
}

const WITH_VALUE = new Set([
  '-f',
  '--file',
  '-t',
  '--timestamp',
  '--backend',
  '--s3config',
  '--s3tool',
  '--s3tool-backup',
  '--s3tool-data',
  '--skip',
  '--storage-class',
  '--maximum-backups',
  '--aws-kms-key-id',
  '--aws-s3-endpoint-url',
  '--aws-region',
]);
const WITHOUT_VALUE = new Set([
  '-h',
  '--help',
  '--restore',
  '--cleanup',
  '--rsyncable',
  '--repositories-server-side',
]);

/** Reads `extraArgs`. The tool knows no `--flag=value`. */
export const readBackupArguments = (text: string): BackupArguments => {
  const words = splitWords(text);
  const flags: { readonly flag: string; readonly value?: string }[] = [];
  const unknown: string[] = [];
  for (let index = 0; index < words.length; index++) {
    const flag = words[index] ?? '';
    const value = words[index + 1];
    if (WITHOUT_VALUE.has(flag)) flags.push({ flag });
    else if (WITH_VALUE.has(flag) || isAzure(flag)) {
      flags.push(value === undefined ? { flag } : { flag, value });
      index++;
    } else unknown.push(flag.replace(/=.*/s, '='));
  }
  const skips = flags.flatMap(({ flag, value }) => (flag === '--skip' && value !== undefined ? [value] : []));
  return {
    has: (...names) => flags.some(({ flag }) => names.includes(flag)),
    valueOf: (...names) => flags.findLast(({ flag }) => names.includes(flag))?.value,
    skips,
    skipped: new Set(findSkipped(skips)),
    unknown,
  };
};

/** Azure came later, and no EKS backs up to it; its flags all take a value. */
const isAzure = (flag: string): boolean => flag.startsWith('--azure-');

/** The tool searches the names as parts of all that was given: `--skip my-db` skips the database. */
const findSkipped = (skips: readonly string[]): string[] =>
  ARCHIVE_COMPONENTS.filter((component) => skips.join(' ').includes(component));
