import { extname } from 'node:path';
import { parseArgs } from 'node:util';
import { KubernetesMinor } from '../../records/kubernetes-version.ts';

/** What is written on the command line. */

export const FORMATS = ['table', 'json', 'html', 'markdown'] as const;
export type Format = (typeof FORMATS)[number];

export interface Options {
  readonly context?: string;
  readonly kubeconfig?: string;
  readonly target?: KubernetesMinor;
  readonly manifests: readonly string[];
  readonly cluster?: string;
  readonly region?: string;
  readonly helmNamespaces: 'all' | readonly string[] | undefined;
  readonly format: Format;
  readonly output?: string;
  readonly ignoreFile?: string;
  readonly filesOnly: boolean;
  /** Has EKS judge its insights anew, and waits for that. */
  readonly refresh: boolean;
  readonly help: boolean;
}

type Parsed = { readonly options: Options } | { readonly mistake: string };

/** Reads the arguments; a mistake says what to write. */
export const parseOptions = (args: readonly string[]): Parsed => {
  const values = readValues(args);
  if (typeof values === 'string') return { mistake: values };
  const { context, kubeconfig, cluster, region, output, target } = values;
  const format = values.format ?? (output === undefined ? 'table' : ENDINGS[endingOf(output)]);
  const options = {
    ...pickDefined({ context, kubeconfig, cluster, region, output, target }),
    ...pickDefined({ ignoreFile: values['ignore-file'] }),
    manifests: values.manifests,
    helmNamespaces: values['all-helm']
      ? ('all' as const)
      : values['helm-namespace'].length > 0
        ? values['helm-namespace']
        : undefined,
    filesOnly: values['files-only'],
    refresh: values.refresh,
    help: values.help,
  };
  if (format === undefined) return { mistake: explainEnding(output ?? '') };
  if (!isFormat(format)) return { mistake: `--format takes ${FORMATS.join(', ')}, not ${format}.` };
  const mistake = options.help ? undefined : findMistake(options);
  return mistake === undefined ? { options: { ...options, format } } : { mistake };
};

/** Settings that are not there are left out, so that none is `undefined`. */
const pickDefined = <T extends Readonly<Record<string, string | undefined>>>(
  values: T,
): { [Key in keyof T]?: string } => {
  const defined: { [Key in keyof T]?: string } = {};
  for (const key in values) if (values[key] !== undefined) defined[key] = values[key];
  return defined;
};

const isFormat = (text: string): text is Format => FORMATS.some((format) => format === text);

const ENDINGS: Readonly<Record<string, Format>> = {
  '.json': 'json',
  '.html': 'html',
  '.htm': 'html',
  '.md': 'markdown',
  '.txt': 'table',
};

const endingOf = (output: string): string => extname(output).toLowerCase();

/** A file whose name promises one format and which holds another is found out too late. */
const explainEnding = (output: string): string => {
  const ending = endingOf(output);
  const wrong = ending === '' ? `${output} has no ending` : `no format ends with ${ending}`;
  return `--output takes a file that ends with ${Object.keys(ENDINGS).join(', ')}; ${wrong}. With --format it takes any name.`;
};

const findMistake = (options: Omit<Options, 'format'>): string | undefined => {
  const { target, filesOnly, manifests } = options;
  if (target !== undefined && !KubernetesMinor.safeParse(target).success) {
    return `--target takes a Kubernetes version such as 1.37, not ${target}.`;
  }
  if (options.helmNamespaces === 'all' && options.filesOnly) return '--files-only reads no Helm releases.';
  if (manifests.filter((path) => path === '-').length > 1) return '--manifests - can be given once.';
  if (!filesOnly) return undefined;
  if (manifests.length === 0) return '--files-only needs --manifests.';
  return target === undefined
    ? '--files-only needs --target: there is no cluster that has a version.'
    : undefined;
};

const readValues = (args: readonly string[]) => {
  try {
    return parseArgs({
      args: [...args],
      options: {
        context: { type: 'string' },
        kubeconfig: { type: 'string' },
        target: { type: 'string' },
        manifests: { type: 'string', multiple: true, default: [] },
        cluster: { type: 'string' },
        region: { type: 'string' },
        'helm-namespace': { type: 'string', multiple: true, default: [] },
        'all-helm': { type: 'boolean', default: false },
        format: { type: 'string' },
        output: { type: 'string' },
        'ignore-file': { type: 'string' },
        'files-only': { type: 'boolean', default: false },
        refresh: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false, short: 'h' },
      },
    }).values;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};
