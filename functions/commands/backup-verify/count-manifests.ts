import { MANIFEST_PREFIX, tallyManifests } from '../../backup/marks/gitaly-count.ts';
import { parseArchiveName } from '../../clients/archive/archive-name.ts';
import { RefusedError } from '../../runtime/errors.ts';
import type { Options } from './options.ts';
import type { BackupVerifyTools } from './tools.ts';

/**
 * Counts the repositories of projects that Gitaly wrote into its own bucket under the id of an archive; undefined when its
 * bucket was not named.
 *
 * @throws RefusedError `archive.no-id` for an archive whose name carries none, and what listing throws.
 */
export const countManifests = async (
  key: string,
  { gitalyBucket, region }: Options,
  { openKeys, showProgress }: BackupVerifyTools,
): Promise<number | undefined> => {
  if (gitalyBucket === undefined) return undefined;
  const id = parseArchiveName(key.slice(key.lastIndexOf('/') + 1))?.backupId;
  if (id === undefined) {
    throw new RefusedError(
      'archive.no-id',
      `${key} is not named as GitLab names archives, so nobody knows under which id Gitaly keeps its repositories.`,
    );
  }
  const keys = openKeys(region);
  let tally = { projects: 0, besides: 0 };
  for (let after: string | undefined; ; ) {
    const page = await keys.list(gitalyBucket, MANIFEST_PREFIX, after);
    tally = tallyManifests(tally, page.keys, id);
    after = page.keys.at(-1) ?? after;
    showProgress(
      `Counting in s3://${gitalyBucket}: ${tally.projects.toLocaleString('en')} repositories of projects`,
    );
    if (!page.more) return tally.projects;
  }
};
