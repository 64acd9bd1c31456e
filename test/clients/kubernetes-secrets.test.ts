import { afterEach, describe, expect, it } from 'vitest';
import { openKubernetesSecrets } from '../../functions/clients/kubernetes-secrets.ts';
import { startCannedApiServer, statusAnswer } from '../support/canned-api-server.ts';
import type { CannedAnswer, CannedServer } from '../support/canned-server.ts';

/** Named Secrets, from an API server that answers by a script. */

const CANARY = 'canary-4711';

let server: CannedServer | undefined;
afterEach(async () => server?.stop());

const read = async (answer: (url: URL) => CannedAnswer, name = 'gitlab-rails-secret') => {
  const canned = await startCannedApiServer(answer);
  server = canned;
  return openKubernetesSecrets(canned.connection).readSecret('gitlab', name);
};

const json = (body: object): CannedAnswer => ({ headers: { 'content-type': 'application/json' }, body });
const failure = (status: number, message: string): CannedAnswer => ({
  headers: { 'content-type': 'application/json' },
  ...statusAnswer(status, message),
});

describe('a Secret', () => {
  it('is read by its name, and nothing is listed', async () => {
    const data = { 'secrets.yml': Buffer.from('production: {}').toString('base64') };
    const secret = await read(() => json({ kind: 'Secret', type: 'Opaque', metadata: {}, data }));
    expect(server?.requests.map(({ path }) => path)).toEqual([
      '/api/v1/namespaces/gitlab/secrets/gitlab-rails-secret',
    ]);
    expect(secret).toMatchObject({ name: 'gitlab-rails-secret', type: 'Opaque' });
    expect(Buffer.from(secret?.data['secrets.yml'] ?? []).toString()).toBe('production: {}');
  });

  it('keeps bytes that are no text', async () => {
    const key = Buffer.from([0, 255, 128, 10]);
    const secret = await read(() => json({ kind: 'Secret', data: { key: key.toString('base64') } }));
    expect(Buffer.from(secret?.data['key'] ?? []).equals(key)).toBe(true);
  });

  it('without any key has none', async () => {
    expect(await read(() => json({ kind: 'Secret' }))).toMatchObject({ type: 'Opaque', data: {} });
  });

  it('that is not there is undefined', async () => {
    expect(await read(() => failure(404, 'secrets "gitlab-rails-secret" not found'))).toBeUndefined();
  });

  it('that may not be read names the right, on that one Secret', async () => {
    const refused = read(() => failure(403, 'secrets is forbidden'));
    await expect(refused).rejects.toMatchObject({
      name: 'RefusedError',
      code: 'kubernetes.forbidden',
      permission: 'get secrets/gitlab-rails-secret',
      message: expect.stringContaining('namespace gitlab'),
    });
  });

  it.each([
    [503, 'TransientError', 'kubernetes.unavailable'],
    [400, 'RefusedError', 'kubernetes.refused'],
  ])('behind a %i is a %s', async (status, name, code) => {
    await expect(read(() => failure(status, 'no'))).rejects.toMatchObject({ name, code });
  });

  it('never hangs an answer of the API server onto an error, where a log would find it', async () => {
    const answer = {
      ...failure(403, 'no'),
      body: { kind: 'Secret', data: { password: CANARY }, message: 'no' },
    };
    const error: unknown = await read(() => ({ ...answer, status: 403 })).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'kubernetes.forbidden', cause: undefined });
    expect(JSON.stringify(error) + String(error)).not.toContain(CANARY);
  });
});
