import { parseArgs } from 'node:util';

/** What is written on the command line. */

export type Asked =
  | { readonly action: 'list' }
  | { readonly action: 'prune' }
  | { readonly action: 'show'; readonly id: string }
  | { readonly action: 'release'; readonly id: string }
  | { readonly action: 'hold'; readonly id: string; readonly why: string };

export interface Options {
  readonly asked: Asked;
  readonly environment?: string;
  /** Who holds a set; the user of this terminal otherwise. */
  readonly by?: string;
  readonly bucket?: string;
  readonly file: string;
  readonly json: boolean;
}

type Parsed = { readonly options: Options } | { readonly mistake: string } | { readonly help: true };

/** Reads the arguments; a mistake says what to write. */
export const parseOptions = (args: readonly string[]): Parsed => {
  const read = readArguments(args);
  if (typeof read === 'string') return { mistake: read };
  const { values, positionals } = read;
  if (values.help) return { help: true };
  const asked = readAsked(positionals, values);
  if (typeof asked === 'string') return { mistake: asked };
  const { environment, by, bucket, file, json } = values;
  return {
    options: {
      asked,
      file,
      json,
      ...(environment === undefined ? {} : { environment }),
      ...(by === undefined ? {} : { by }),
      ...(bucket === undefined ? {} : { bucket }),
    },
  };
};

interface Values {
  readonly why?: string | undefined;
  readonly by?: string | undefined;
  readonly 'dry-run': boolean;
}

const readAsked = ([action, id, ...others]: readonly string[], values: Values): Asked | string => {
  if (action !== 'hold' && (values.why !== undefined || values.by !== undefined)) {
    return '--why and --by belong to hold.';
  }
  if (action !== 'prune' && values['dry-run']) return '--dry-run belongs to prune.';
  switch (action) {
    case 'list':
      return id === undefined
        ? { action }
        : `list takes no name, and ${id} is one; narrow it with --environment.`;
    case 'prune':
      if (id !== undefined) return `prune takes no name, and ${id} is one; narrow it with --environment.`;
      return values['dry-run']
        ? { action }
        : 'Sets are deleted by the nightly upkeep alone, with a role of its own; write prune --dry-run to see what it would delete.';
    case 'show':
    case 'release':
    case 'hold': {
      if (id === undefined || others.length > 0) return `${action} takes the id of one set; see list.`;
      if (action !== 'hold') return { action, id };
      const why = values.why?.trim();
      return why
        ? { action, id, why }
        : 'Say why the set is held: --why "<why>". Whoever finds it later needs that.';
    }
    case undefined:
      return 'Say what to do: list, show, hold, release or prune.';
    default:
      return `There is list, show, hold, release and prune, and no ${action}.`;
  }
};

const readArguments = (args: readonly string[]) => {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        environment: { type: 'string' },
        why: { type: 'string' },
        by: { type: 'string' },
        'dry-run': { type: 'boolean', default: false },
        bucket: { type: 'string' },
        file: { type: 'string', default: 'drydock.yaml' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false, short: 'h' },
      },
    });
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};
