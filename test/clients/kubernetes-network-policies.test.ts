import { afterEach, describe, expect, it } from 'vitest';
import { openKubernetesNetworkPolicies } from '../../functions/clients/kubernetes-network-policies.ts';
import type { NetworkPolicyManifest } from '../../functions/records/kubernetes-network-policy.ts';
import { startCannedApiServer, statusAnswer } from '../support/canned-api-server.ts';
import type { CannedAnswer } from '../support/canned-server.ts';

const servers: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

/** Answers in turn; the last one again and again. */
const open = async (...answers: CannedAnswer[]) => {
  const paths: string[] = [];
  const server = await startCannedApiServer((url) => {
    paths.push(url.pathname);
    return answers[Math.min(paths.length, answers.length) - 1] ?? {};
  });
  servers.push(server);
  return { paths, policies: openKubernetesNetworkPolicies(server.connection) };
};

const BASE = '/apis/networking.k8s.io/v1/namespaces/drill/networkpolicies';
const MANIFEST: NetworkPolicyManifest = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { namespace: 'drill', name: 'deny', labels: { 'drydock.dev/drill': 'a' } },
  spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
};
const stored = (labels: object, more: object = {}) => ({
  metadata: { namespace: 'drill', name: 'deny', uid: 'u1', labels, ...more },
  spec: MANIFEST.spec,
});
const POLICY = { namespace: 'drill', name: 'deny', uid: 'u1' };

describe('network policies', () => {
  it('are listed with their rules as they are, those of nobody included', async () => {
    const rule = {
      to: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } }],
      ports: [{ port: 1, endPort: 9 }],
    };
    const { policies, paths } = await open({
      body: {
        items: [
          { metadata: POLICY, spec: { podSelector: {}, policyTypes: ['Egress'], egress: [rule] } },
          { metadata: { ...POLICY, name: 'empty' } },
        ],
      },
    });
    expect(await policies.list('drill')).toEqual([
      { ...POLICY, labels: {}, spec: { podSelector: {}, policyTypes: ['Egress'], egress: [rule] } },
      { ...POLICY, name: 'empty', labels: {}, spec: { podSelector: {}, policyTypes: [] } },
    ]);
    expect(paths).toEqual([BASE]);
  });

  it('may be none', async () => {
    expect(await (await open({ body: { items: null } })).policies.list('drill')).toEqual([]);
  });

  it('are made once: a repeat finds the first', async () => {
    const body = stored(MANIFEST.metadata.labels);
    const { policies, paths } = await open(statusAnswer(409, 'exists'), { body });
    expect(await policies.create(MANIFEST)).toMatchObject({ uid: 'u1', spec: MANIFEST.spec });
    expect(paths).toEqual([BASE, `${BASE}/deny`]);
  });

  it.each<[string, object, object]>([
    ['somebody else', { 'drydock.dev/drill': 'b' }, {}],
    ['being deleted', MANIFEST.metadata.labels, { deletionTimestamp: '2026-03-01T12:00:00Z' }],
  ])('are not taken from whoever has the name: %s', async (why, labels, more) => {
    const { policies } = await open(statusAnswer(409, 'exists'), { body: stored(labels, more) });
    await expect(policies.create(MANIFEST)).rejects.toMatchObject({
      code: 'kubernetes.policy-taken',
      message: expect.stringContaining(why),
    });
  });

  it('that went between two calls are tried again later', async () => {
    const { policies } = await open(statusAnswer(409, 'exists'), statusAnswer(404, 'gone'));
    await expect(policies.create(MANIFEST)).rejects.toMatchObject({ code: 'kubernetes.unavailable' });
  });

  it.each<[string, CannedAnswer]>([
    ['deleted', { body: { status: 'Success' } }],
    ['gone', statusAnswer(404, 'none')],
    ['gone', statusAnswer(409, 'another uid')],
  ])('are %s', async (answer, given) => {
    const { policies, paths } = await open(given);
    expect(await policies.delete(POLICY)).toBe(answer);
    expect(paths).toEqual([`${BASE}/deny`]);
  });

  it('that may not be made name the right', async () => {
    const { policies } = await open(statusAnswer(403, 'Forbidden'));
    await expect(policies.create(MANIFEST)).rejects.toMatchObject({ code: 'kubernetes.forbidden' });
  });
});
