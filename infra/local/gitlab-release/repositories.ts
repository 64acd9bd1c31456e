import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import type { SeededValues } from './seeded-values.ts';

/** GitLab documentation, "Repository storage": `@hashed/` and the SHA-256 of the project's id; without `.git`. */
export const hashedPath = (project: number): string => {
  const hash = createHash('sha256').update(String(project)).digest('hex');
  return `@hashed/${hash.slice(0, 2)}/${hash.slice(2, 4)}/${hash}`;
};

/** The one storage of Gitaly, by its name. */
export const STORAGE = 'default';
export const COMMITS = 5;
/** Git's own settings of whoever starts this would change what is written. */
const GIT = { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };

/**
 * Makes a real bare repository for each project in a folder that stands for the storage of Gitaly, the same commits for
 * the same seed; every other project has a wiki as well.
 *
 * @throws Error when there is no git on this machine.
 */
export const makeRepositories = async (
  folder: string,
  values: SeededValues,
  projects: number,
): Promise<void> => {
  const paths = Array.from({ length: projects }, (_, index) => index + 1).flatMap((id) => [
    `${hashedPath(id)}.git`,
    ...(id % 2 === 0 ? [`${hashedPath(id)}.wiki.git`] : []),
  ]);
  await Promise.all(
    paths.map(async (path) => {
      const repository = join(folder, STORAGE, path);
      await mkdir(repository, { recursive: true });
      await execa('git', ['init', '--bare', '--quiet', '--initial-branch=main', repository], { env: GIT });
      await execa('git', ['-C', repository, 'fast-import', '--quiet'], {
        env: GIT,
        input: writeHistory(values, path),
      });
    }),
  );
};

/** Commits in the format of git-fast-import(1), and a tag. */
const writeHistory = (values: SeededValues, path: string): string => {
  const commits = Array.from({ length: COMMITS }, (_, index) => {
    const time = 1_736_150_400 + index * 3_600;
    const text = values.hex(`${path}/${index}`, 100);
    const message = `Change ${index + 1}`;
    return [
      'commit refs/heads/main',
      `committer User <user-1@example.com> ${time} +0000`,
      `data ${message.length}`,
      message,
      `M 100644 inline file-${index}.txt`,
      `data ${text.length}`,
      text,
      '',
    ].join('\n');
  });
  return `${commits.join('\n')}\nreset refs/tags/v1.0\nfrom refs/heads/main\n\n`;
};
