import { afterEach, describe, expect, it } from 'vitest';
import { openKubernetesQuotas } from '../../functions/clients/kubernetes-quotas.ts';
import { startCannedApiServer, statusAnswer } from '../support/canned-api-server.ts';
import type { CannedAnswer } from '../support/canned-server.ts';

const servers: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

const list = async (answer: CannedAnswer) => {
  const paths: string[] = [];
  const server = await startCannedApiServer((url) => {
    paths.push(url.pathname);
    return answer;
  });
  servers.push(server);
  return { paths, answer: openKubernetesQuotas(server.connection).list('gitlab') };
};

describe('quotas of a namespace', () => {
  it('are read with what is used of them', async () => {
    const compute = {
      metadata: { name: 'compute' },
      spec: { hard: { pods: '10' } },
      status: { hard: { pods: '10', 'requests.memory': '8Gi' }, used: { pods: '9' } },
    };
    const batch = { metadata: { name: 'batch' }, spec: { hard: { pods: '1' }, scopes: ['Terminating'] } };
    const class_ = {
      metadata: { name: 'class' },
      spec: { scopeSelector: { matchExpressions: [] } },
      status: {},
    };
    const { answer, paths } = await list({ body: { items: [compute, batch, class_] } });
    expect(await answer).toEqual([
      { name: 'compute', hard: { pods: '10', 'requests.memory': '8Gi' }, used: { pods: '9' }, scoped: false },
      { name: 'batch', hard: {}, used: {}, scoped: true },
      { name: 'class', hard: {}, used: {}, scoped: true },
    ]);
    expect(paths).toEqual(['/api/v1/namespaces/gitlab/resourcequotas']);
  });

  it('may be none', async () => {
    expect(await (await list({ body: { items: null } })).answer).toEqual([]);
  });

  it('that may not be listed name the right', async () => {
    const { answer } = await list(statusAnswer(403, 'Forbidden'));
    await expect(answer).rejects.toMatchObject({ code: 'kubernetes.forbidden' });
  });
});
