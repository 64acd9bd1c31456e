import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ARCHIVE_COMPONENTS } from '../../../../../functions/records/backup/components.ts';
import { runTool } from '../run-tool.ts';
import type { Surroundings } from '../surroundings.ts';
import type { ToolArguments } from '../tool-arguments.ts';

/** The toolbox never has logs of CI beside the artifacts, and so calls them skipped in every archive. */
const NEVER_TAKEN = 'builds';

/** Writes `backup_information.yml`, in which whatever has no file counts as skipped, on purpose or not. */
export const writeInformation = async (
  { version, troubles }: Surroundings,
  folder: string,
  startedAt: Date,
  { skip, serverSide }: Pick<ToolArguments, 'skip' | 'serverSide'>,
): Promise<void> => {
  const there = new Set((await readdir(folder)).map((name) => name.replace(/\.tar\.gz$/, '')));
  // Their task has run, though what it wrote lies elsewhere.
  if (serverSide && !skip.has('repositories')) there.add('repositories');
  const skipped = [...ARCHIVE_COMPONENTS.filter((name) => !there.has(name)), NEVER_TAKEN];
  const [tar = ''] = (await runTool('tar', ['--version'])).stdout.split('\n');
  const lines = [
    ":db_version: '20261101000000'",
    `:backup_created_at: ${startedAt.toISOString().slice(0, 19).replace('T', ' ')} +0000`,
    `:gitlab_version: ${troubles.otherVersion ?? version}`,
    `:tar_version: ${tar}`,
    ':installation_type: gitlab-helm-chart',
    `:skipped: ${skipped.join(',')}`,
    ...(serverSide ? [':repositories_server_side: true'] : []),
  ];
  await writeFile(join(folder, 'backup_information.yml'), `${lines.join('\n')}\n`);
};
