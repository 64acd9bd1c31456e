import process from 'node:process';

/** Of the real CLI, for what a service refused, for a command that it does not know, and for settings that are missing. */
const EXIT_CODES = { refused: 254, unknown: 252, settings: 253 } as const;

/** How a call of the AWS CLI ends that does not end well. */
export class CliError extends Error {
  readonly exitCode: number;
  constructor(kind: keyof typeof EXIT_CODES, message: string) {
    super(message);
    this.exitCode = EXIT_CODES[kind];
  }
}

/** @throws CliError naming a variable that is not set. */
export const variable = (name: string): string => {
  const value = process.env[name];
  if (value === undefined || value === '') throw new CliError('settings', `You must specify ${name}.`);
  return value;
};

/** The text within an element of an answer. */
export const pick = (xml: string, element: string): string =>
  new RegExp(`<${element}>([^<]*)</${element}>`).exec(xml)?.[1] ?? '';

/** @param operation as the API calls it: `ListObjectsV2`. */
export const refuse = (operation: string, xml: string): CliError =>
  new CliError(
    'refused',
    `\nAn error occurred (${pick(xml, 'Code')}) when calling the ${operation} operation: ${pick(xml, 'Message')}`,
  );
