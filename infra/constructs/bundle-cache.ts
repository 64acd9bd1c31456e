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
 * Gives the outputs of an earlier build while none of what it read has changed, else builds anew. Synth runs at every
 * start of the local world, and the AWS SDK and the Kubernetes client seldom change between two of them.
 *
 * @param settings everything beside the inputs that decides what comes out.
 */
export const buildOnce = (
  settings: unknown,
  build: () => Build,
  cache: string = CACHE,
): ReadonlyMap<string, Uint8Array> => {
  const key = createHash('sha256').update(JSON.stringify(settings)).digest('hex');
  const folder = path.join(cache, key);
  const kept = read(folder);
  if (kept) return kept;
  const built = build();
  keep(folder, built);
  return built.outputs;
};

/** A cache that is absent, out of date, or half gone is no cache. */
const read = (folder: string): ReadonlyMap<string, Uint8Array> | undefined => {
  try {
    const manifest = Manifest.parse(JSON.parse(readFileSync(path.join(folder, 'manifest.json'), 'utf8')));
    if (Object.entries(manifest.inputs).some(([input, stamp]) => stampOf(input) !== stamp)) return undefined;
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
