import type { IncomingMessage } from 'node:http';
import { type RequestOptions, request } from 'node:https';
import { loadKubeconfig } from './admin-connection.ts';

interface Row {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly name?: string;
  readonly namespace: string;
}

/** Really tries one verb on one resource as somebody of `group`; returns the API server's status code. */
export const requestAsGroup = async (kubeconfig: string, group: string, row: Row): Promise<number> => {
  const config = loadKubeconfig(kubeconfig);
  const options: RequestOptions = { method: row.verb === 'delete' ? 'DELETE' : 'GET' };
  await config.applyToHTTPSOptions(options);
  const root = row.group ? `/apis/${row.group}/v1` : '/api/v1';
  const namespace = row.namespace ? `/namespaces/${row.namespace}` : '';
  const name = row.verb === 'list' ? '' : `/${row.name ?? 'no-such-object'}`;
  const call = request(
    `${config.getCurrentCluster()?.server}${root}${namespace}/${row.resource}${name}`,
    options,
  );
  call.setHeader('Impersonate-User', `test-of-${group}`);
  call.setHeader('Impersonate-Group', group);
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  call.on('response', resolve).on('error', reject).end();
  const response = await promise;
  response.resume();
  return response.statusCode ?? 0;
};
