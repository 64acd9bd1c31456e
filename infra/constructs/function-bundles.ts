import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { type BuildOptions, buildSync, version } from 'esbuild';
import { Refusal } from '../refusal.ts';
import { type Build, buildOnce } from './bundle-cache.ts';

/** Folder that holds every Lambda, one `<capability>/<verb-noun>.ts` each. */
export const FUNCTIONS_ROOT = fileURLToPath(new URL('../../functions/', import.meta.url));

/** Some dependencies are CommonJS and call `require` for Node's own modules, which an ES module does not have. */
const REQUIRE_BANNER =
  "import { createRequire as drydockRequire } from 'node:module'; const require = drydockRequire(import.meta.url);";

/** What one Lambda carries: its module and the map that turns stack traces back into our lines. */
export interface FunctionBundle {
  readonly module: Uint8Array;
  readonly sourceMap: Uint8Array;
}

/** The Lambdas found under a root: every file that has a contract beside it. */
export const listFunctions = (root: string = FUNCTIONS_ROOT): string[] =>
  readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.contract.ts'))
    .map((file) => file.slice(0, -'.contract.ts'.length).split(path.sep).join('/'))
    .filter((entry) => existsSync(path.join(root, `${entry}.ts`)))
    .sort();

const built = new Map<string, ReadonlyMap<string, FunctionBundle>>();

/**
 * The bundle of one Lambda, `<capability>/<verb-noun>` below `root`. The first question bundles all of them in one
 * go of esbuild, since most of what they carry is the same.
 *
 * @throws Refusal with file and line when a source does not compile, or when there is no such Lambda.
 */
export const bundleOf = (entry: string, root: string = FUNCTIONS_ROOT): FunctionBundle => {
  const bundles = built.get(root) ?? bundleAll(listFunctions(root), root);
  built.set(root, bundles);
  const bundle = bundles.get(entry);
  if (bundle) return bundle;
  throw new Refusal(`There is no Lambda ${entry} in ${root}: it needs ${entry}.ts and ${entry}.contract.ts.`);
};

/** ES modules for Node 24 with their own AWS SDK, since the one of the runtime changes under us. */
const BUILD_OPTIONS = {
  outExtension: { '.js': '.mjs' },
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  mainFields: ['module', 'main'],
  banner: { js: REQUIRE_BANNER },
  minify: true,
  sourcemap: 'linked',
  // The sources are in git; carrying them along would make Node read twice as much at a cold start.
  sourcesContent: false,
  legalComments: 'none',
  logLevel: 'silent',
} satisfies BuildOptions;

const bundleAll = (entries: readonly string[], root: string): ReadonlyMap<string, FunctionBundle> => {
  const outputs = buildOnce({ root, entries, version, BUILD_OPTIONS }, () => build(entries, root));
  const find = (name: string): Uint8Array => {
    const content = outputs.get(name);
    if (content) return content;
    throw new Error(`esbuild made no ${name}.`);
  };
  return new Map(
    entries.map((entry) => [
      entry,
      { module: find(`${entry}/index.mjs`), sourceMap: find(`${entry}/index.mjs.map`) },
    ]),
  );
};

const build = (entries: readonly string[], root: string): Build => {
  const outdir = path.join(root, 'out');
  const { outputFiles, metafile } = refuseWhatFails(() =>
    buildSync({
      ...BUILD_OPTIONS,
      absWorkingDir: root,
      entryPoints: entries.map((entry) => ({ in: path.join(root, `${entry}.ts`), out: `${entry}/index` })),
      outdir,
      metafile: true,
      write: false,
    }),
  );
  return {
    inputs: Object.keys(metafile.inputs).map((input) => path.resolve(root, input)),
    outputs: new Map(outputFiles.map((file) => [path.relative(outdir, file.path), file.contents])),
  };
};

const refuseWhatFails = <T>(bundle: () => T): T => {
  try {
    return bundle();
  } catch (error) {
    throw new Refusal(error instanceof Error ? error.message : String(error));
  }
};

/** The CDK asset of a bundle, addressed by its content: unchanged code is neither uploaded nor deployed again. */
export const bundleCode = ({ module, sourceMap }: FunctionBundle): Code =>
  codeOf({ 'index.mjs': module, 'index.mjs.map': sourceMap });

/** A content-addressed asset made of files that exist in memory only. */
export const codeOf = (files: Readonly<Record<string, Uint8Array | string>>): Code => {
  const hash = createHash('sha256');
  for (const [name, content] of Object.entries(files)) hash.update(`${name}\0`).update(content).update('\0');
  return Code.fromAsset(FUNCTIONS_ROOT, {
    assetHash: hash.digest('hex'),
    assetHashType: AssetHashType.CUSTOM,
    bundling: {
      // Never pulled: the files are written below, and `tryBundle` says so by returning true.
      image: DockerImage.fromRegistry('scratch'),
      local: {
        tryBundle: (directory) => {
          for (const [name, content] of Object.entries(files)) {
            mkdirSync(path.dirname(path.join(directory, name)), { recursive: true });
            writeFileSync(path.join(directory, name), content);
          }
          return true;
        },
      },
    },
  });
};
