import { afterEach, describe, expect, it } from 'vitest';
import { openHelmReleases } from '../../functions/clients/helm-releases.ts';
import { startCannedApiServer, statusAnswer } from '../support/canned-api-server.ts';
import type { CannedAnswer, CannedServer } from '../support/canned-server.ts';
import { createFixedClock } from '../support/fixed-clock.ts';
import { releaseSecret, releaseSecretMetadata, type StoredRelease } from '../support/stored-release.ts';

/** The Helm release of a GitLab, from an API server that answers by a script. */

const CANARY = 'canary-4711';

let server: CannedServer | undefined;
afterEach(async () => server?.stop());

const json = (body: object): CannedAnswer => ({ headers: { 'content-type': 'application/json' }, body });
const failure = (status: number): CannedAnswer => ({
  headers: { 'content-type': 'application/json' },
  ...statusAnswer(status, 'no'),
});

interface Script {
  readonly list?: CannedAnswer;
  readonly get?: CannedAnswer;
}

/** A cluster with these revisions of the release. */
const read = async (revisions: readonly StoredRelease[], script: Script = {}) => {
  const canned = await startCannedApiServer((url) => {
    if (url.pathname.endsWith('/secrets')) {
      const items = revisions.map((one) => ({ metadata: releaseSecretMetadata(one) }));
      return script.list ?? json({ kind: 'PartialObjectMetadataList', metadata: {}, items });
    }
    const found = revisions.find((one) => url.pathname.endsWith(`/${releaseSecretMetadata(one).name}`));
    return script.get ?? (found ? json(releaseSecret(found)) : failure(404));
  });
  server = canned;
  const releases = openHelmReleases(canned.connection, createFixedClock('2025-11-21T02:00:00Z'));
  return releases.readRelease('gitlab', 'gitlab');
};

describe('the release', () => {
  it('is the one that is deployed, with the values that the user gave', async () => {
    const config = { global: { hosts: { domain: 'example.com' } } };
    expect(
      await read([
        { version: 9, status: 'superseded' },
        { version: 10, config },
      ]),
    ).toEqual({
      namespace: 'gitlab',
      name: 'gitlab',
      revision: 10,
      status: 'deployed',
      chart: 'gitlab',
      chartVersion: '9.10.0',
      appVersion: 'v18.10.0',
      values: config,
    });
  });

  it('without values of a user has none', async () => {
    expect(await read([{ config: null }])).toMatchObject({ values: {} });
  });

  it.each<[string, readonly StoredRelease[], object]>([
    [
      'beside an upgrade that goes on is the one in force, and the other is named',
      [
        { version: 11, status: 'pending-upgrade' },
        { version: 10, status: 'deployed' },
      ],
      { revision: 10, newer: { revision: 11, status: 'pending-upgrade' } },
    ],
    [
      'of two that are marked as deployed is the higher, by number and not by name',
      [{ version: 9 }, { version: 10 }],
      { revision: 10 },
    ],
    [
      'that never was deployed is its newest attempt',
      [{ version: 1, status: 'failed' }],
      { status: 'failed' },
    ],
  ])('%s', async (_, revisions, expected) => {
    expect(await read(revisions)).toMatchObject(expected);
  });

  it('that is not there is undefined', async () => {
    expect(await read([])).toBeUndefined();
  });

  it('is found by labels, whose list carries no content of any Secret', async () => {
    await read([{ version: 7 }]);
    const [list, ...others] = server?.requests ?? [];
    const { pathname, searchParams } = new URL(list?.path ?? '', 'http://test');
    expect(pathname).toBe('/api/v1/namespaces/gitlab/secrets');
    expect(searchParams.get('labelSelector')).toBe('owner=helm,name=gitlab');
    expect(list?.headers['accept']).toContain('PartialObjectMetadataList');
    expect(list?.headers['user-agent']).toMatch(/^drydock\/\S+ backup$/);
    expect(others.map(({ path }) => path)).toEqual([
      '/api/v1/namespaces/gitlab/secrets/sh.helm.release.v1.gitlab.v7',
    ]);
  });
});

describe('what goes wrong', () => {
  it.each<[string, Script, object]>([
    ['no right to list names the right', { list: failure(403) }, { permission: 'list secrets' }],
    [
      'no right to get names the Secret',
      { get: failure(403) },
      { permission: 'get secrets/sh.helm.release.v1.gitlab.v7' },
    ],
    ['a revision that Helm cleared away is tried again', { get: failure(404) }, { code: 'helm.changed' }],
    ['a damaged one is refused', { get: json(releaseSecret({}, 'H4sIAAAA')) }, { code: 'helm.unreadable' }],
    ['one without a chart is refused', { get: json(releaseSecret({}, 'e30=')) }, { code: 'helm.unreadable' }],
  ])('%s', async (_, script, expected) => {
    await expect(read([{}], script)).rejects.toMatchObject(expected);
  });

  it('is told without a value of the release', async () => {
    const stored = Buffer.from(`{"name":"gitlab","password":"${CANARY}"}`).toString('base64');
    const error: unknown = await read([{}], { get: json(releaseSecret({}, stored)) }).catch(
      (caught: unknown) => caught,
    );
    expect(error).toMatchObject({ code: 'helm.unreadable', cause: undefined });
    expect(JSON.stringify(error) + String(error)).not.toContain(CANARY);
  });
});
