import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';
import { RefusedError } from '../runtime/errors.ts';

/** A text file of manifests, by a name that a person finds it by: `charts.tgz/web/deployment.yaml`. */
export interface ManifestText {
  readonly name: string;
  readonly text: string;
}

export const isManifest = (name: string): boolean => /\.(ya?ml|json)$/i.test(name);
export const isArchive = (name: string): boolean => /\.(tar|tgz|tar\.gz)$/i.test(name);

/** Bytes of all files of one archive when unpacked: a small archive can unpack to any size. */
export const MAX_UNPACKED_BYTES = 128 * 1024 * 1024;

/**
 * Reads a file, or the manifests in an archive; other files in it are passed over.
 *
 * @throws RefusedError `manifest.too-large`, `manifest.unreadable`.
 */
export const unpackManifests = async (
  name: string,
  bytes: Uint8Array,
  maxBytes = MAX_UNPACKED_BYTES,
): Promise<ManifestText[]> => {
  if (!isArchive(name)) return [{ name, text: decodeText(bytes) }];
  const files: ManifestText[] = [];
  const archive = extract();
  const isCompressed = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const source = Readable.from([bytes]);
  const filled = isCompressed ? pipeline(source, createGunzip(), archive) : pipeline(source, archive);
  // It fails together with the loop below, which tells.
  filled.catch(() => undefined);
  try {
    let left = maxBytes;
    for await (const entry of archive) {
      const isWanted = entry.header.type === 'file' && isManifest(entry.header.name);
      const chunks: Uint8Array[] = [];
      for await (const chunk of entry as AsyncIterable<Uint8Array>) {
        left -= chunk.length;
        if (left < 0) throw tooLarge(name, maxBytes);
        if (isWanted) chunks.push(chunk);
      }
      if (isWanted) {
        files.push({ name: `${name}/${entry.header.name}`, text: decodeText(Buffer.concat(chunks)) });
      }
    }
    await filled;
    return files;
  } catch (error) {
    if (error instanceof RefusedError) throw error;
    const message = `${name} is no archive that can be read; make it with tar, with or without gzip.`;
    throw new RefusedError('manifest.unreadable', message, { cause: error });
  }
};

/** YAML 1.2, 5.2: a byte order mark tells UTF-16, in which PowerShell writes what is sent to a file; otherwise UTF-8. */
const decodeText = (bytes: Uint8Array): string => {
  const [first, second] = bytes;
  const encoding =
    first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
  return new TextDecoder(encoding).decode(bytes);
};

const tooLarge = (name: string, maxBytes: number): RefusedError =>
  new RefusedError(
    'manifest.too-large',
    `${name} unpacks to more than ${Math.round(maxBytes / 1024 / 1024)} MB; split it into several.`,
  );
