import { type KubernetesConnection, TokenKubeConfig } from '../../functions/clients/kubernetes-connection.ts';
import { type CannedAnswer, type CannedServer, startCannedServer } from './canned-server.ts';

/** An API server that answers from a script, and a connection to it: for what a real one says rarely. */
export const startCannedApiServer = async (
  answer: (url: URL, headers: Parameters<Parameters<typeof startCannedServer>[0]>[1]) => CannedAnswer,
): Promise<CannedServer & { readonly connection: KubernetesConnection }> => {
  const server = await startCannedServer((path, headers) => answer(new URL(path, 'http://test'), headers));
  const config = new TokenKubeConfig(async () => ({ Authorization: 'Bearer canned' }));
  config.loadFromClusterAndUser({ name: 'test', server: server.url, skipTLSVerify: true }, { name: 'test' });
  const connection = { cluster: 'production', config: async () => config, renew: () => undefined };
  return { ...server, connection };
};

/** A Status as the API server answers with. */
export const statusAnswer = (status: number, message: string, metadata: object = {}): CannedAnswer => ({
  status,
  body: { kind: 'Status', apiVersion: 'v1', metadata, status: 'Failure', message, code: status },
});
