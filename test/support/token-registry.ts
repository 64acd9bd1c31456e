import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type RunningChild, startChild } from '../../infra/local/child-processes.ts';
import { findFreePort } from '../../infra/local/free-port.ts';
import { TOKEN_ISSUER, TOKEN_SERVICE, type TokenServer } from './token-server.ts';

/**
 * Starts a real registry that takes only the tokens of `tokens`. It serves what another registry keeps in `blobs`,
 * so that images come in without a token.
 */
export const startTokenRegistry = async (options: {
  readonly folder: string;
  readonly blobs: string;
  readonly tokens: TokenServer;
}): Promise<{ url: string; child: RunningChild }> => {
  const { folder, blobs, tokens } = options;
  const port = await findFreePort();
  const url = `http://127.0.0.1:${port}`;
  const configuration = join(folder, 'token-registry.yml');
  await mkdir(folder, { recursive: true });
  await writeFile(
    configuration,
    // JSON is YAML.
    JSON.stringify({
      version: '0.1',
      storage: { filesystem: { rootdirectory: blobs } },
      http: { addr: `127.0.0.1:${port}` },
      auth: {
        token: {
          realm: `${tokens.url}/token`,
          service: TOKEN_SERVICE,
          issuer: TOKEN_ISSUER,
          rootcertbundle: tokens.certificate,
        },
      },
    }),
  );
  const child = await startChild({
    name: 'token-registry',
    command: 'docker-registry',
    args: ['serve', configuration],
    env: { OTEL_TRACES_EXPORTER: 'none' },
    folder,
    isReady: async () => (await fetch(`${url}/v2/`)).status === 401,
  });
  return { url, child };
};
