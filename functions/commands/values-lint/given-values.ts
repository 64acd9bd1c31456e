import { findForeignValues } from '../../backup/values/chart-keys.ts';
import { mergeValues } from '../../backup/values/merge-values.ts';
import type { LintContext } from '../../backup/values/rule.ts';
import { readPartBytes } from '../../backup/values/s3cfg.ts';
import type { ValueMap } from '../../backup/values/value-tree.ts';
import { MAX_VALUES_BYTES, readValues } from '../../backup/values/values-file.ts';
import type { SecretFiles } from './options.ts';

/** What the command reads: files of values, the standard input, and the content of secrets. */

export interface ValuesReader {
  /** The text of a file; `-` is the standard input. */
  readonly readText: (file: string) => Promise<string>;
}

/** A file that cannot be read or is not what it should be; the message names it, with the line where there is one. */
export class UnreadableValues extends Error {
  override readonly name = 'UnreadableValues';
}

/**
 * Reads the files and lays them over each other as Helm does.
 *
 * @throws UnreadableValues with every fault of the first file that has any.
 */
export const readGivenValues = async (files: readonly string[], reader: ValuesReader): Promise<ValueMap> => {
  const read: ValueMap[] = [];
  for (const file of files) read.push(parse(file, await readFile(file, reader)));
  const merged = mergeValues(read);
  const foreign = findForeignValues(merged);
  if (foreign !== undefined) throw new UnreadableValues(`${files.map(nameOf).join(', ')}: ${foreign}.`);
  return merged;
};

/**
 * Reads the secrets that were given beside the values.
 *
 * @throws UnreadableValues, as above.
 */
export const readGivenSecrets = async (
  { connection, registryStorage, s3cfg }: SecretFiles,
  reader: ValuesReader,
): Promise<Partial<LintContext>> => {
  const partBytes = s3cfg === undefined ? undefined : readPartBytes(await readFile(s3cfg, reader));
  return {
    ...(connection === undefined
      ? {}
      : { connection: parse(connection, await readFile(connection, reader)) }),
    ...(registryStorage === undefined
      ? {}
      : { registryStorage: parse(registryStorage, await readFile(registryStorage, reader)) }),
    ...(partBytes === undefined ? {} : { s3cmdPartBytes: partBytes }),
  };
};

const parse = (file: string, text: string): ValueMap => {
  const read = readValues(text);
  if (read.ok) return read.values;
  throw new UnreadableValues(
    read.faults.map(({ line, column, message }) => `${nameOf(file)}:${line}:${column} ${message}`).join('\n'),
  );
};

const readFile = async (file: string, { readText }: ValuesReader): Promise<string> => {
  try {
    return await readText(file);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'an unknown error';
    const why =
      code === 'ENOENT'
        ? 'there is no such file'
        : code === 'EISDIR'
          ? 'this is a folder; name the files in the order of helm -f'
          : code === 'ERR_FS_FILE_TOO_LARGE'
            ? `has more than ${MAX_VALUES_BYTES / 1024 ** 2} MiB; these are no values of a chart`
            : `cannot be read (${code})`;
    throw new UnreadableValues(`${nameOf(file)}: ${why}.`, { cause: error });
  }
};

const nameOf = (file: string): string => (file === '-' ? 'standard input' : file);
