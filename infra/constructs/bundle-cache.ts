import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';

/** What a build read, by absolute path, and what it wrote, by a name of its own. */
export interface Build {
  readonly inputs: readonly string[];
  readonly outputs: ReadonlyMap<string, Uint8Array>;
}

const CACHE = fileURLToPath(new URL('../../node_modules/.cache/drydock/', import.meta.url));

const Manifest = z.object({
  /** Time of change and size of each input, as `make` would compare them. */
  inputs: z.record(z.string(), z.string()),
  /** The file that holds each output. */
  outputs: z.record(z.string(), z.string()),
});

/**
 * Milliseconds after which it is asked whether the builder lives: all Lambdas take ten seconds on two cores. On a busy
 * machine they take longer, and a second builder beside the first makes it busier, and takes as much memory again.
 */
const PATIENCE_MS = 60_000;
/** After as long, its pid is that of somebody else. */
const LIMIT_MS = 15 * 60_000;
const PAUSE_MS = 50;

/**
 * Gives the outputs of earlier builds while none of what each read has changed, and has the others built anew, in one
 * go. Synth runs at every start of the local world and in many tests, several at once; the AWS SDK and the Kubernetes
 * client seldom change between two of them, and one edit concerns few Lambdas. Of several processes one builds.
 *
 * @param settings everything beside name and inputs that decides what comes out.
 */
export const buildOnce = (
  names: readonly string[],
  settings: unknown,
  build: (names: readonly string[]) => ReadonlyMap<string, Build>,
  cache: string = CACHE,
): ReadonlyMap<string, Build['outputs']> => {
  const key = hash(settings);
  const folderOf = (name: string): string => path.join(cache, hash([key, name]));
  const kept = readAll(names, folderOf);
  if (kept.size === names.length) return kept;
  return alone(path.join(cache, `${key}.lock`), () => {
    // Whoever held the lock before may have built them.
    const found = readAll(names, folderOf);
    const missing = names.filter((name) => !found.has(name));
    const built = missing.length > 0 ? [...build(missing)] : [];
    for (const [name, made] of built) keep(folderOf(name), made);
    return new Map([...found, ...built.map(([name, { outputs }]) => [name, outputs] as const)]);
  });
};

const hash = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex');

/** Acts while no other process acts under the same lock, a folder, since making one is atomic. */
const alone = <T>(lock: string, act: () => T): T => {
  mkdirSync(path.dirname(lock), { recursive: true });
  while (!take(lock)) {
    if (isForsaken(lock)) rmSync(lock, { recursive: true, force: true });
    else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
  }
  try {
    return act();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
};

const isForsaken = (lock: string): boolean => {
  const since = statSync(lock, { throwIfNoEntry: false })?.mtimeMs;
  const age = since === undefined ? 0 : Date.now() - since;
  return age > PATIENCE_MS && (age > LIMIT_MS || !isAlive(path.join(lock, BUILDER)));
};

/** File in a lock that holds the pid of its builder. */
const BUILDER = 'pid';

const isAlive = (file: string): boolean => {
  try {
    const pid = Number(readFileSync(file, 'utf8'));
    // 0 would be this process and those beside it.
    return pid > 0 && process.kill(pid, 0);
  } catch (error) {
    // Somebody else's process lives as well.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
};

const take = (lock: string): boolean => {
  try {
    mkdirSync(lock);
    writeFileSync(path.join(lock, BUILDER), String(process.pid));
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
};

/** What is kept and up to date; most inputs are those of many, so each is looked at once. */
const readAll = (
  names: readonly string[],
  folderOf: (name: string) => string,
): Map<string, Build['outputs']> => {
  const stamps = new Map<string, string>();
  const stampOnce = (file: string): string => {
    const stamp = stamps.get(file) ?? stampOf(file);
    stamps.set(file, stamp);
    return stamp;
  };
  return new Map(
    names.flatMap((name) => {
      const outputs = read(folderOf(name), stampOnce);
      return outputs ? [[name, outputs] as const] : [];
    }),
  );
};

/** A cache that is absent, out of date, or half gone is no cache. */
const read = (folder: string, stamp: (file: string) => string): Build['outputs'] | undefined => {
  try {
    const manifest = Manifest.parse(JSON.parse(readFileSync(path.join(folder, 'manifest.json'), 'utf8')));
    if (Object.entries(manifest.inputs).some(([input, then]) => stamp(input) !== then)) return undefined;
    const files = Object.entries(manifest.outputs);
    return new Map(files.map(([name, file]) => [name, readFileSync(path.join(folder, file))]));
  } catch {
    return undefined;
  }
};

/** Written aside and moved into place, so that somebody who is stopped in the middle leaves nothing half done. */
const keep = (folder: string, { inputs, outputs }: Build): void => {
  const draft = `${folder}.${process.pid}`;
  mkdirSync(draft, { recursive: true });
  const files = [...outputs].map(([name, content], index): [string, string] => {
    writeFileSync(path.join(draft, String(index)), content);
    return [name, String(index)];
  });
  const manifest: z.input<typeof Manifest> = {
    inputs: Object.fromEntries(inputs.map((input) => [input, stampOf(input)])),
    outputs: Object.fromEntries(files),
  };
  writeFileSync(path.join(draft, 'manifest.json'), JSON.stringify(manifest));
  rmSync(folder, { recursive: true, force: true });
  try {
    renameSync(draft, folder);
  } catch {
    // Somebody else finished the same build first; theirs is as good.
    rmSync(draft, { recursive: true, force: true });
  }
};

const stampOf = (file: string): string => {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat ? `${stat.mtimeMs}/${stat.size}` : 'gone';
};
