import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

/** What a person asked of `npm start`. */
export interface StartOptions {
  /** End after the tour, with its exit code. */
  readonly once: boolean;
  readonly tour: boolean;
  /** Takes everything a run writes: logs, images, drydock.yaml. */
  readonly folder: string;
}

export type StartRequest = StartOptions | { readonly help: true } | { readonly mistake: string };

/** In the checkout and ignored by git: where a person looks first, and one run of it at a time. */
export const DEFAULT_FOLDER = fileURLToPath(new URL('../../../.drydock', import.meta.url));

export const HELP = `Starts everything Drydock needs on this machine, deploys it there, and plays the tour: real pushes
that become watched rollouts. Nothing of it leaves this machine. Ctrl-C ends it.

  npm start -- [--once] [--no-tour] [--folder <folder>]

  --once     end after the tour; exit code 0 when every scene went as told, 1 when not
  --no-tour  start and stay up, without the tour
  --folder   takes logs, images and drydock.yaml of the run (default: .drydock in the checkout)
  --help     print this

  DRYDOCK_KUBECONFIG=<file>  use the cluster of this kubeconfig's current context instead of a local one
  DRYDOCK_CACHE=<folder>     keep what is built once there (default: ~/.cache/drydock)
  NO_COLOR=1                 no colours`;

/** Reads the arguments of `npm start`; a mistake says what is wrong in one line. */
export const parseOptions = (args: readonly string[]): StartRequest => {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        once: { type: 'boolean', default: false },
        'no-tour': { type: 'boolean', default: false },
        folder: { type: 'string', default: DEFAULT_FOLDER },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) return { help: true };
    if (values.once && values['no-tour']) {
      return { mistake: '--once ends after the tour, and --no-tour leaves it out: give one of them.' };
    }
    if (values.folder === '') return { mistake: '--folder needs the path of a folder.' };
    return { once: values.once, tour: !values['no-tour'], folder: resolve(values.folder) };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return { mistake: error.message };
  }
};
