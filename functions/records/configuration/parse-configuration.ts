import { readFile } from 'node:fs/promises';
import { Configuration } from '../configuration.ts';
import { explainIssue } from './explanation.ts';
import type { Problem } from './problem.ts';
import { readYamlDocument } from './yaml-document.ts';

/** From the text of `drydock.yaml` to the configuration. For synth and terminals; Lambdas get the JSON of it. */

export type ParsedConfiguration =
  | { readonly ok: true; readonly configuration: Configuration }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Parses the text, checks it, fills defaults; or says everything that is wrong with it, each with its line. */
export const parseConfiguration = (text: string, fileName = 'drydock.yaml'): ParsedConfiguration => {
  const document = readYamlDocument(text);
  if (document.faults.length > 0) {
    return {
      ok: false,
      problems: document.faults.map((fault) => ({ file: fileName, path: [], ...fault })),
    };
  }
  if (document.value === null || document.value === undefined) {
    const message = 'the file is empty; it begins with "version: 1" and needs a site';
    return { ok: false, problems: [{ file: fileName, path: [], line: 1, column: 1, message }] };
  }
  const parsed = Configuration.safeParse(document.value);
  if (parsed.success) return { ok: true, configuration: parsed.data };
  const explanations = parsed.error.issues.flatMap((issue) => explainIssue(issue, document));
  return {
    ok: false,
    problems: explanations.map(({ path, at, message }) => ({
      file: fileName,
      path: path.map((key) => (typeof key === 'number' ? key : String(key))),
      ...document.locate(path, at),
      message,
    })),
  };
};

/** Reads and parses the file; one that cannot be read is a problem like any other. */
export const readConfigurationFile = async (fileName: string): Promise<ParsedConfiguration> => {
  let text: string;
  try {
    text = await readFile(fileName, 'utf8');
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    const message =
      reason === 'ENOENT'
        ? 'there is no such file; begin with the drydock.yaml of the repository'
        : `cannot be read (${reason})`;
    return { ok: false, problems: [{ file: fileName, path: [], line: 1, column: 1, message }] };
  }
  return parseConfiguration(text, fileName);
};
