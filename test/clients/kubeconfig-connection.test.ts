import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HttpMethod, RequestContext } from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openKubeconfig } from '../../functions/clients/kubeconfig-connection.ts';

const SERVER = 'https://0A1B.gr7.eu-west-3.eks.amazonaws.com';
const ARN = 'arn:aws:eks:eu-central-1:111122223333:cluster/gitlab';

let folder = '';
let file = '';
let plugin = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drydock-kubeconfig-'));
  // An exec plugin that gives another token each time it runs, as one whose token has expired would.
  plugin = join(folder, 'plugin.sh');
  await writeFile(
    plugin,
    `#!/bin/sh
echo run >> "${folder}/runs"
count=$(wc -l < "${folder}/runs" | tr -d ' ')
echo '{"apiVersion":"client.authentication.k8s.io/v1beta1","kind":"ExecCredential","status":{"token":"token-'$count'"}}'
`,
  );
  await chmod(plugin, 0o755);
  file = join(folder, 'config');
  await writeFile(file, JSON.stringify(buildKubeconfig()));
});
afterAll(() => rm(folder, { recursive: true }));

const exec = (args: readonly string[], env: readonly { name: string; value: string }[] = []) => ({
  exec: { apiVersion: 'client.authentication.k8s.io/v1beta1', command: plugin, args, env },
});

/** A context for each way in which tools write an EKS cluster down. */
const buildKubeconfig = () => {
  const entries: readonly (readonly [string, string, object])[] = [
    ['arn', ARN, { token: 'static' }],
    ['eksctl', 'shop.us-east-2.eksctl.io', { token: 'static' }],
    [
      'exec',
      'anything',
      exec(['eks', 'get-token', '--cluster-name', 'web', '--region=eu-north-1', '--profile', 'work']),
    ],
    ['iam', 'mine', exec(['token', '-i', 'old'], [{ name: 'AWS_PROFILE', value: 'env' }])],
    ['kind', 'kind-kind', { token: 'static' }],
  ];
  return {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'kind',
    clusters: entries.map(([context, name]) => ({
      name,
      cluster: {
        server: context === 'kind' ? 'https://127.0.0.1:6443' : SERVER,
        'insecure-skip-tls-verify': true,
      },
    })),
    users: entries.map(([context, , user]) => ({ name: `user-${context}`, user })),
    contexts: entries.map(([context, cluster]) => ({
      name: context,
      context: { cluster, user: `user-${context}` },
    })),
  };
};

/** The authorization that the next call would carry. */
const authorize = async ({ connection }: ReturnType<typeof openKubeconfig>): Promise<string | undefined> => {
  const request = new RequestContext(SERVER, HttpMethod.GET);
  await (await connection.config()).applySecurityAuthentication(request);
  return request.getHeaders()['Authorization'];
};

describe("a user's own kubeconfig", () => {
  it.each([
    ['arn', { cluster: 'gitlab', region: 'eu-central-1' }, undefined],
    ['eksctl', { cluster: 'shop', region: 'us-east-2' }, undefined],
    ['exec', { cluster: 'web', region: 'eu-north-1' }, 'work'],
    ['iam', { cluster: 'old', region: 'eu-west-3' }, 'env'],
    ['kind', {}, undefined],
  ])('context %s is the EKS cluster %j', (context, eks, profile) => {
    const opened = openKubeconfig({ kubeconfig: file, context });
    expect(opened).toMatchObject({ context, eks });
    expect(opened.eks).toEqual(eks);
    expect(opened.profile).toBe(profile);
  });

  it('takes the current context when none is named', () => {
    expect(openKubeconfig({ kubeconfig: file }).context).toBe('kind');
  });

  it('says which contexts there are, and which may be meant', () => {
    expect(() => openKubeconfig({ kubeconfig: file, context: 'ekctl' })).toThrow(
      'The kubeconfig has no context ekctl; write one of arn, eksctl, exec, iam, kind. Did you mean "eksctl"?',
    );
  });

  it('says which file cannot be read', () => {
    expect(() => openKubeconfig({ kubeconfig: '/nowhere/config' })).toThrow(
      /^The kubeconfig \/nowhere\/config cannot be read: ENOENT/,
    );
  });

  it.each([undefined, 'production'])(
    'says so when there is none at all, and asks no cluster: %s',
    (context) => {
      vi.stubEnv('HOME', join(folder, 'nobody'));
      vi.stubEnv('KUBECONFIG', '');
      const open = () => openKubeconfig(context === undefined ? {} : { context });
      expect(open).toThrow(/^There is no kubeconfig: .*aws eks update-kubeconfig/);
      vi.unstubAllEnvs();
    },
  );

  it('runs the exec plugin once for many calls, and again when the token was refused', async () => {
    const opened = openKubeconfig({ kubeconfig: file, context: 'exec' });
    expect(await authorize(opened)).toBe('Bearer token-1');
    expect(await authorize(opened)).toBe('Bearer token-1');
    opened.connection.renew('token');
    expect(await authorize(opened)).toBe('Bearer token-2');
    expect(await readFile(join(folder, 'runs'), 'utf8')).toBe('run\nrun\n');
  });

  it('keeps one pool of connections for all calls', async () => {
    const config = await openKubeconfig({ kubeconfig: file, context: 'arn' }).connection.config();
    const requests = [new RequestContext(SERVER, HttpMethod.GET), new RequestContext(SERVER, HttpMethod.GET)];
    for (const request of requests) await config.applySecurityAuthentication(request);
    const [first, second] = requests.map((request) => request.getDispatcher());
    expect(first).toBeDefined();
    expect(second).toBe(first);
  });
});
