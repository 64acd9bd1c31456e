import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The files of the project by their path from its root: what every rule looks at, so that a test can plant one. */
export type Tree = ReadonlyMap<string, string>;

/** One breach of a rule, as a person mends it: which file, what is wrong, what to do. */
export type Violation = string;

const ROOMS = ['functions', 'infra', 'test', 'events', 'state-machines'];
const FILES = /\.(ts|md|json)$/;
/** Documents show them; that they are there is all that matters. */
const PICTURES = /\.png$/;
/** What tools write and what others wrote. */
const LEFT_OUT = new Set(['node_modules', 'cdk.out', '.git']);

/** Reads the project's own text files, and the Markdown and package.json beside them; pictures are empty. */
export const readTree = async (root: string): Promise<Map<string, string>> => {
  const tree = new Map<string, string>();
  const visit = async (folder: string): Promise<void> => {
    const entries = await readdir(join(root, folder), { withFileTypes: true });
    await Promise.all(
      entries.map(async (entry) => {
        const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
        if (entry.isDirectory()) {
          const isOurs = folder !== '' || ROOMS.includes(entry.name);
          if (isOurs && !LEFT_OUT.has(entry.name)) await visit(path);
        } else if (entry.isFile() && (FILES.test(entry.name) || folder === ''))
          tree.set(path, await readFile(join(root, path), 'utf8'));
        else if (entry.isFile() && PICTURES.test(entry.name)) tree.set(path, '');
      }),
    );
  };
  await visit('');
  return new Map([...tree].toSorted(([a], [b]) => (a < b ? -1 : 1)));
};

/** The same tree with one file more, or another text in it. */
export const plant = (tree: Tree, path: string, text: string): Map<string, string> =>
  new Map(tree).set(path, text);

/** The paths of a tree that match. */
export const pathsOf = (tree: Tree, pattern: RegExp): string[] =>
  [...tree.keys()].filter((path) => pattern.test(path));
