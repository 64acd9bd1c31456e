import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startChild } from '../../infra/local/child-processes.ts';
import { ensureDebianPackages } from '../../infra/local/debian-packages.ts';
import { findFreePorts } from '../../infra/local/free-port.ts';

/** A real Docker Distribution registry, with any `auth` section of its configuration. */
export interface DistributionRegistry {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts one that keeps its blobs under `folder`. `name` tells several in one folder apart. */
export const startDistributionRegistry = async (
  folder: string,
  name: string,
  auth: object = {},
): Promise<DistributionRegistry> => {
  await ensureDebianPackages(['docker-registry'], () => {});
  const [port] = await findFreePorts(1);
  const url = `http://127.0.0.1:${port}`;
  const configuration = join(folder, `${name}.yml`);
  // JSON is YAML.
  await writeFile(
    configuration,
    JSON.stringify({
      version: '0.1',
      storage: { filesystem: { rootdirectory: join(folder, name) } },
      http: { addr: `127.0.0.1:${port}` },
      ...(Object.keys(auth).length > 0 ? { auth } : {}),
    }),
  );
  const child = await startChild({
    name,
    command: 'docker-registry',
    args: ['serve', configuration],
    env: { OTEL_TRACES_EXPORTER: 'none' },
    folder,
    isReady: async () => (await fetch(`${url}/v2/`)).status < 500,
  });
  return { url, stop: () => child.stop() };
};
