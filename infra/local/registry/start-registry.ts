import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { stringify } from 'yaml';

import { type RunningChild, startChild } from '../child-processes.ts';
import { ensureDebianPackages } from '../debian-packages.ts';
import { findFreePort } from '../free-port.ts';
import { formatDuration, type Report } from '../report.ts';
import { endStaleChildren } from '../stale-children.ts';

export interface StartRegistry {
  /** Takes the blobs, the configuration and the log. Images of an earlier start in it are still there. */
  readonly folder: string;
  /** Who is told of each push, with the headers it is told with. */
  readonly notifications?: readonly {
    readonly url: string;
    readonly headers?: Readonly<Record<string, string>>;
  }[];
  /** Asks for a user and password (`credentials` of the result), for pulls too. */
  readonly auth?: boolean;
  /** Where to listen, when somebody has to know before it starts; otherwise a free port. */
  readonly port?: number;
  readonly report: Report;
}

export interface LocalRegistry {
  /** `127.0.0.1:<port>`, the first part of an image's name. */
  readonly host: string;
  readonly url: string;
  readonly credentials: { readonly username: string; readonly password: string } | undefined;
  /** Ends it and starts it again on the same port with the same images. */
  restart(): Promise<void>;
  /** Freezes it: callers wait until they give up. */
  pause(): void;
  resume(): void;
  /** Ends it as a power cut would: callers are refused. `restart` brings it back. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

/** Reaches a loopback port only; the registry takes bcrypt alone, which Node cannot make, so the hash is given. */
export const REGISTRY_CREDENTIALS = { username: 'drydock', password: 'local-only' };
const PASSWORD_HASH = '$2a$04$GcETGNoxM/52.fgx/2osQuGr9CqlCULq.hQCosgtfbLE8gzHZwheq';

/**
 * Starts Docker Distribution on a free loopback port, with deletion enabled and real notifications.
 *
 * @throws Error with the end of its log when it does not start; one naming the command to run when it is not
 * installed and we may not install it.
 */
export const startRegistry = async (options: StartRegistry): Promise<LocalRegistry> => {
  const { folder, report } = options;
  await ensureDebianPackages(['docker-registry'], report);
  const started = performance.now();
  await mkdir(folder, { recursive: true });
  await endStaleChildren(folder, report);
  const port = options.port ?? (await findFreePort());
  const host = `127.0.0.1:${port}`;
  const url = `http://${host}`;
  const configuration = join(folder, 'config.yml');
  await writeFile(join(folder, 'htpasswd'), `${REGISTRY_CREDENTIALS.username}:${PASSWORD_HASH}\n`, {
    mode: 0o600,
  });
  // Headers of notifications carry the webhook's secret.
  await writeFile(configuration, stringify(describeConfiguration(options, host)), { mode: 0o600 });

  const start = (): Promise<RunningChild> =>
    startChild({
      name: 'registry',
      command: 'docker-registry',
      args: ['serve', configuration],
      folder,
      env: { OTEL_TRACES_EXPORTER: 'none' },
      // 401 is an answer too: it serves and wants credentials.
      isReady: async () => [200, 401].includes((await fetch(`${url}/v2/`)).status),
    });
  let child = await start();
  report(`Registry: ready on ${url} after ${formatDuration(performance.now() - started)}`);
  return {
    host,
    url,
    credentials: options.auth ? REGISTRY_CREDENTIALS : undefined,
    restart: async () => {
      await child.stop();
      child = await start();
    },
    pause: () => child.pause(),
    resume: () => child.resume(),
    kill: () => child.kill(),
    stop: () => child.stop(),
  };
};

/** Every setting: https://distribution.github.io/distribution/about/configuration/ */
const describeConfiguration = (options: StartRegistry, host: string): unknown => ({
  version: '0.1',
  // At `info` it writes the headers of every endpoint, the webhook's secret among them.
  log: { level: 'warn', accesslog: { disabled: true } },
  storage: {
    filesystem: { rootdirectory: join(options.folder, 'blobs') },
    delete: { enabled: true },
    maintenance: { uploadpurging: { enabled: false } },
  },
  http: { addr: host, secret: 'local', relativeurls: true },
  ...(options.auth ? { auth: { htpasswd: { realm: 'local', path: join(options.folder, 'htpasswd') } } } : {}),
  notifications: {
    endpoints: (options.notifications ?? []).map(({ url, headers = {} }, index) => ({
      name: `endpoint-${index}`,
      url,
      headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
      timeout: '5s',
      // After three failures in a row it waits the backoff, then tries the same event again, without end.
      threshold: 3,
      backoff: '500ms',
    })),
  },
});
