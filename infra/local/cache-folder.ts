import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Names the folder that keeps what was built once: the Python environment and the cluster's binaries.
 *
 * `DRYDOCK_CACHE` wins, then `$XDG_CACHE_HOME/drydock`, then `~/.cache/drydock`. An unset or empty variable,
 * or a relative `XDG_CACHE_HOME`, counts as absent: https://specifications.freedesktop.org/basedir-spec/
 */
export const cacheFolder = (environment: Environment = process.env, home: string = homedir()): string => {
  if (environment['DRYDOCK_CACHE']) return resolve(environment['DRYDOCK_CACHE']);
  const xdg = environment['XDG_CACHE_HOME'];
  return join(xdg?.startsWith('/') ? xdg : join(home, '.cache'), 'drydock');
};
