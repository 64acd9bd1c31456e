import { posix } from 'node:path';
import { build, type Plugin } from 'esbuild';
import type { Tree } from './tree.ts';

/** What one file imports: paths from the root for files of ours, else names of packages. */
export type ImportGraph = ReadonlyMap<string, readonly string[]>;

/** `values`: what is loaded at run time. `all`: types as well, which matter to who may know whom. */
export interface Imports {
  readonly values: ImportGraph;
  readonly all: ImportGraph;
}

/** Reads the imports of every TypeScript file, by esbuild's parser: each file alone, nothing is followed. */
export const readImports = async (tree: Tree): Promise<Imports> => {
  const sources = new Map([...tree].filter(([path]) => path.endsWith('.ts')));
  const withTypes = new Map([...sources].map(([path, text]) => [path, turnTypesIntoValues(text)]));
  const [values, all] = await Promise.all([parse(sources), parse(withTypes)]);
  return { values, all };
};

/** The imports with some files read anew. */
export const addImports = async (known: Imports, changed: Tree): Promise<Imports> => {
  const { values, all } = await readImports(changed);
  return { values: new Map([...known.values, ...values]), all: new Map([...known.all, ...all]) };
};

/** A parser drops `import type`, as it should; for this question a type is an import like any other. */
const turnTypesIntoValues = (text: string): string =>
  text.replaceAll(/^(import|export) type (?=[{*])|^(import) type (?=\w+ from )/gm, '$1$2 ');

const parse = async (sources: Tree): Promise<ImportGraph> => {
  const found = new Map<string, string[]>([...sources.keys()].map((path) => [path, []]));
  const collect: Plugin = {
    name: 'collect-imports',
    setup: (parser) => {
      parser.onResolve({ filter: /.*/ }, ({ kind, path, importer }) => {
        // esbuild puts "./" before an entry point that lies on the disk as well.
        if (kind === 'entry-point') return { path: posix.normalize(path), namespace: 'tree' };
        found.get(importer)?.push(path.startsWith('.') ? posix.join(posix.dirname(importer), path) : path);
        return { path, external: true };
      });
      parser.onLoad({ filter: /.*/, namespace: 'tree' }, ({ path }) => ({
        contents: sources.get(path) ?? '',
        loader: 'ts',
      }));
    },
  };
  await build({
    entryPoints: [...sources.keys()],
    outdir: 'nowhere',
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    logLevel: 'silent',
    // Otherwise an import of which only types are used would vanish.
    tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
    plugins: [collect],
  });
  return found;
};

/** The way from a file to the first import that matches, or undefined when there is none. */
export const findWay = (
  graph: ImportGraph,
  from: string,
  matches: (imported: string) => boolean,
): readonly string[] | undefined => {
  const ways: (readonly string[])[] = [[from]];
  const seen = new Set([from]);
  for (let way = ways.shift(); way; way = ways.shift()) {
    for (const imported of graph.get(way.at(-1) ?? '') ?? []) {
      if (matches(imported)) return [...way, imported];
      if (seen.has(imported)) continue;
      seen.add(imported);
      ways.push([...way, imported]);
    }
  }
  return undefined;
};
