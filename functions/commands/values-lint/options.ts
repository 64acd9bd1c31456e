import { parseArgs } from 'node:util';
import { parseByteSize } from '../../backup/values/byte-size.ts';
import type { ChartMajor } from '../../backup/values/chart-defaults.ts';
import type { LintContext } from '../../backup/values/rule.ts';

/** What is written on the command line. */

export const FORMATS = ['table', 'json'] as const;
export type Format = (typeof FORMATS)[number];

/** Files with the content of secrets that the values only name. */
export interface SecretFiles {
  readonly connection?: string;
  readonly registryStorage?: string;
  readonly s3cfg?: string;
}

export interface Options {
  /** In the order in which Helm lays them over each other; `-` is the standard input. */
  readonly files: readonly string[];
  readonly secrets: SecretFiles;
  readonly context: LintContext;
  readonly format: Format;
  readonly help: boolean;
}

type Parsed = { readonly options: Options } | { readonly mistake: string };

/** Reads the arguments; a mistake says what to write. */
export const parseOptions = (args: readonly string[]): Parsed => {
  const read = readArguments(args);
  if (typeof read === 'string') return { mistake: read };
  const { values, files } = read;
  const format = FORMATS.find((one) => one === values.format);
  const clock = (['outside', 'chart'] as const).find((one) => one === values.clock);
  const chart = readMajor(values['chart-version']);
  const archiveBytes = parseByteSize(values['expected-size'] ?? '');
  if (!values.help) {
    if (files.length === 0) return { mistake: 'Name a file of values, or - for the standard input.' };
    if (files.filter((file) => file === '-').length > 1) return { mistake: '- can be given once.' };
    if (!format) return { mistake: `--format takes ${FORMATS.join(' or ')}, not ${values.format}.` };
    if (!clock) return { mistake: `--clock takes outside or chart, not ${values.clock}.` };
    if (values['chart-version'] !== undefined && chart === undefined) {
      const said = `--chart-version takes a version of the GitLab chart, 9.x or 10.x, not ${values['chart-version']}`;
      return { mistake: `${said}; other majors were never looked at.` };
    }
    if (values['expected-size'] !== undefined && archiveBytes === undefined) {
      return { mistake: `--expected-size takes a size such as 120GB, not ${values['expected-size']}.` };
    }
    if (values.postgresql !== undefined && !/^\d{1,3}(\.\d{1,3})*$/.test(values.postgresql)) {
      return { mistake: `--postgresql takes a version such as 17.4, not ${values.postgresql}.` };
    }
  }
  return {
    options: {
      files,
      secrets: {
        ...(values.connection === undefined ? {} : { connection: values.connection }),
        ...(values['registry-storage'] === undefined ? {} : { registryStorage: values['registry-storage'] }),
        ...(values.s3cfg === undefined ? {} : { s3cfg: values.s3cfg }),
      },
      context: {
        clock: clock ?? 'outside',
        ...(chart === undefined ? {} : { chart }),
        ...(archiveBytes === undefined ? {} : { archiveBytes }),
        ...(values.postgresql === undefined ? {} : { postgresql: values.postgresql }),
      },
      format: format ?? 'table',
      help: values.help,
    },
  };
};

/** `9.10.0`, `v9`, and `gitlab-9.10.0` as helm list prints it. */
const readMajor = (text: string | undefined): ChartMajor | undefined => {
  const [, major] = /^(?:gitlab-)?v?(9|10)(?:\.\d+){0,2}(?:[-+].*)?$/.exec(text ?? '') ?? [];
  return major === undefined ? undefined : major === '9' ? 9 : 10;
};

const readArguments = (args: readonly string[]) => {
  try {
    const { values, tokens } = parseArgs({
      args: [...args],
      allowPositionals: true,
      tokens: true,
      options: {
        values: { type: 'string', short: 'f', multiple: true },
        'chart-version': { type: 'string' },
        'expected-size': { type: 'string' },
        postgresql: { type: 'string' },
        connection: { type: 'string' },
        'registry-storage': { type: 'string' },
        s3cfg: { type: 'string' },
        clock: { type: 'string', default: 'outside' },
        format: { type: 'string', default: 'table' },
        help: { type: 'boolean', default: false, short: 'h' },
      },
    });
    const files = tokens.flatMap((token) => {
      if (token.kind === 'positional') return [token.value];
      return token.kind === 'option' && token.name === 'values' && token.value !== undefined
        ? [token.value]
        : [];
    });
    return { values, files };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};
