import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { type BuildOptions, buildSync, type Metafile, version } from 'esbuild';
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
 * The bundle of one Lambda, `<capability>/<verb-noun>` below `root`. The first question bundles all that have changed,
 * many in one go of esbuild, since most of what they carry is the same.
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
  const settings = { root, version, BUILD_OPTIONS };
  const outputs = buildOnce(entries, settings, (missing) => build(missing, root));
  const find = (entry: string, name: string): Uint8Array => {
    const content = outputs.get(entry)?.get(name);
    if (content) return content;
    throw new Error(`esbuild made no ${name} of ${entry}.`);
  };
  return new Map(
    entries.map((entry) => [
      entry,
      { module: find(entry, 'index.mjs'), sourceMap: find(entry, 'index.mjs.map') },
    ]),
  );
};

/**
 * Lambdas that are built in one go: what they share is read once, and held in memory for each. 62 at once took 4.9 GB,
 * 16 take 1.9 GB and a tenth longer.
 */
const AT_ONCE = 16;

const build = (entries: readonly string[], root: string): ReadonlyMap<string, Build> => {
  const starts = Array.from({ length: Math.ceil(entries.length / AT_ONCE) }, (_, index) => index * AT_ONCE);
  return new Map(starts.flatMap((start) => [...buildSome(entries.slice(start, start + AT_ONCE), root)]));
};

const buildSome = (entries: readonly string[], root: string): ReadonlyMap<string, Build> => {
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
  const contents = new Map(outputFiles.map((file) => [path.relative(outdir, file.path), file.contents]));
  return new Map(
    entries.map((entry) => {
      const files = ['index.mjs', 'index.mjs.map'].flatMap((name) => {
        const content = contents.get(path.join(entry, name));
        return content ? [[name, content] as const] : [];
      });
      const inputs = [...reach(`${entry}.ts`, metafile)].map((input) => path.resolve(root, input));
      return [entry, { inputs, outputs: new Map(files) }];
    }),
  );
};

/** Every file that decides what a bundle holds, those included that leave nothing in it but a way to another. */
const reach = (entry: string, { inputs }: Metafile): ReadonlySet<string> => {
  const reached = new Set([entry]);
  for (const input of reached) {
    for (const { path: to, external } of inputs[input]?.imports ?? []) if (!external) reached.add(to);
  }
  return reached;
};

const refuseWhatFails = <T>(bundle: () => T): T => {
  try {
    return bundle();
  } catch (error) {
    throw new Refusal(error instanceof Error ? error.message : String(error));
  }
};

const hashes = new WeakMap<FunctionBundle, string>();

/** The CDK asset of a bundle, addressed by its content: unchanged code is neither uploaded nor deployed again. */
export const bundleCode = (bundle: FunctionBundle): Code => {
  const files = { 'index.mjs': bundle.module, 'index.mjs.map': bundle.sourceMap };
  // Several sites carry the same Lambdas, some 70 MB.
  const hash = hashes.get(bundle) ?? hashOf(files);
  hashes.set(bundle, hash);
  return assetOf(files, hash);
};

type Files = Readonly<Record<string, Uint8Array | string>>;

/** A content-addressed asset made of files that exist in memory only. */
export const codeOf = (files: Files): Code => assetOf(files, hashOf(files));

const hashOf = (files: Files): string => {
  const hash = createHash('sha256');
  for (const [name, content] of Object.entries(files)) hash.update(`${name}\0`).update(content).update('\0');
  return hash.digest('hex');
};

const assetOf = (files: Files, assetHash: string): Code =>
  Code.fromAsset(FUNCTIONS_ROOT, {
    assetHash,
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
