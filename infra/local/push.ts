import { parseArgs } from 'node:util';

import { isRepository, isTag } from '../../functions/records/image-reference.ts';
import { pushImage } from './registry/push.ts';
import { findRunningWorld } from './run-folder.ts';
import { DEFAULT_FOLDER } from './terminal/options.ts';

const HELP = `Pushes a small image to the registry of the running local world, as a build would. Each push is a new
build with a digest of its own.

  node infra/local/push.ts <repository> <tag> [--folder <folder>]

  for example: shop/web 1.5.0, or shop/web 1.6.0-crash for one whose container crashes (cluster/plays.ts has more)`;

/** Says what is wrong with the arguments; undefined when nothing is. */
const findMistake = (repository: string, tag: string, more: readonly string[]): string | undefined => {
  if (more.length > 0) return `There is more than a repository and a tag: ${more.join(' ')}`;
  if (!isRepository(repository)) return `"${repository}" is no repository; write one such as shop/web.`;
  if (!isTag(tag)) return `"${tag}" is no tag; write one such as 1.5.0.`;
  return undefined;
};

const main = async (): Promise<number> => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      folder: { type: 'string', default: DEFAULT_FOLDER },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const [repository = '', tag = '', ...more] = positionals;
  const mistake = findMistake(repository, tag, more);
  if (mistake !== undefined) {
    console.error(`${mistake}\n\n${HELP}`);
    return 2;
  }
  const world = await findRunningWorld(values.folder);
  if (!world) {
    console.error(`No local world runs in ${values.folder}. Start one: npm start`);
    return 1;
  }
  const { host, url, credentials } = world.registry;
  const content = `${repository} ${tag}, built ${new Date().toISOString()}`;
  const { digest } = await pushImage({ registry: { url, credentials }, repository, tag, content });
  console.log(`${host}/${repository}:${tag}@${digest}`);
  return 0;
};

process.exitCode = await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  return 1;
});
