/** What is wrong with `drydock.yaml`, and where: for a person who has the file open. */
export interface Problem {
  /** Name of the file as the person gave it. */
  readonly file: string;
  /** Keys from the root of the file, and numbers inside a list. */
  readonly path: readonly (string | number)[];
  /** Both count from 1. */
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** Writes one line a problem, in the order of the file: `drydock.yaml:12:5 sites.main.region: ...`. */
export const formatProblems = (problems: readonly Problem[]): string =>
  problems
    .toSorted((a, b) => a.line - b.line || a.column - b.column)
    .map(({ file, line, column, path, message }) => {
      const place = path.length === 0 ? '' : ` ${path.join('.')}:`;
      return `${file}:${line}:${column}${place} ${message}`;
    })
    .join('\n');
