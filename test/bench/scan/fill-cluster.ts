import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import pMap from 'p-map';
import { loadKubeconfig } from '../../support/admin-connection.ts';
import { NAMESPACES, sampleObject } from './sample-objects.ts';

/** Writes at once: more only queue up in the API server. */
const WRITERS = 32;
const CREATED = 201;
const EXISTS = 409;

/**
 * Creates the objects `from` up to `to` of the sample in a cluster, and the namespaces they lie in.
 *
 * @param say takes one line of progress each few thousand.
 */
export const fillCluster = async (
  kubeconfig: string,
  { from, to }: { readonly from: number; readonly to: number },
  say: (line: string) => void,
): Promise<void> => {
  const create = openCreator(kubeconfig);
  await pMap(Array.from({ length: NAMESPACES }), (_, index) =>
    create('/api/v1/namespaces', {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: `bench-${index}` },
    }),
  );
  let done = from;
  await pMap(
    range(from, to),
    async (index) => {
      const { path, body } = sampleObject(index);
      await create(path, body);
      done += 1;
      if (done % 10_000 === 0) say(`${done} objects are there`);
    },
    { concurrency: WRITERS },
  );
};

function* range(from: number, to: number): Generator<number> {
  for (let index = from; index < to; index++) yield index;
}

/** By node:https and one pool: the library's client parses each answer into classes, which here is only waste. */
const openCreator = (kubeconfig: string): ((path: string, body: unknown) => Promise<void>) => {
  const config = loadKubeconfig(kubeconfig);
  const { server = '', caFile = '' } = config.getCurrentCluster() ?? {};
  const ca = readFileSync(caFile);
  const agent = new Agent({ keepAlive: true, maxSockets: WRITERS, ca });
  const headers = {
    authorization: `Bearer ${config.getCurrentUser()?.token ?? ''}`,
    'content-type': 'application/json',
  };
  return (path, body) =>
    new Promise((resolve, reject) => {
      const call = request(new URL(path, server), { method: 'POST', agent, headers }, (answer) => {
        answer.resume();
        const status = answer.statusCode ?? 0;
        answer.on('end', () =>
          status === CREATED || status === EXISTS
            ? resolve()
            : reject(new Error(`The API server answers ${status} to a POST of ${path}.`)),
        );
      });
      call.on('error', reject);
      call.end(JSON.stringify(body));
    });
};
