import type { SecretReading } from '../../backup/secret-access.ts';
import { listSecrets } from '../../backup/secrets/secret-list.ts';
import { openChartValues } from '../../backup/values/chart-values.ts';
import { readGivenValues, UnreadableValues, type ValuesReader } from '../values-lint/given-values.ts';

/**
 * How the reader of secrets is to find them: by the names that these values have, or, without any values, by listing.
 *
 * @param files of values, in the order of `helm -f`.
 * @returns or what is wrong with the files, as a sentence.
 */
export const chooseReading = async (
  files: readonly string[],
  release: string,
  reader: ValuesReader,
): Promise<SecretReading | { readonly problem: string }> => {
  if (files.length === 0) return 'listed';
  try {
    const values = openChartValues(await readGivenValues(files, reader));
    return { names: listSecrets(release, values).map(({ name }) => name) };
  } catch (error) {
    if (error instanceof UnreadableValues) return { problem: error.message };
    throw error;
  }
};

/** The Secrets that a restore may put back: those that are read by their names, or else those that the chart makes. */
export const listRestoredNames = (reading: SecretReading, release: string): readonly string[] =>
  reading === 'listed' ? listSecrets(release, openChartValues({})).map(({ name }) => name) : reading.names;
