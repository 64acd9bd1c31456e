import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { probeClone, probePrivateClone } from '../../functions/clients/gitlab/clone.ts';
import { listRunners } from '../../functions/clients/gitlab/runners.ts';
import { type LocalGitLab, startGitLab } from '../../infra/local/gitlab/start-gitlab.ts';
import { startCannedServer } from '../support/canned-server.ts';

/** Looks at a GitLab that shows strangers nothing. */

const TOKEN = 'glpat-of-an-administrator';
let gitlab: LocalGitLab;
beforeAll(async () => {
  gitlab = await startGitLab({ token: TOKEN, report: () => undefined });
  gitlab.addProject('platform/clusters');
  gitlab.hideProjects();
  gitlab.setRunners([
    { id: 7, description: 'builds', contactedAt: '2026-11-22T09:00:00.000Z' },
    { id: 8, description: '', paused: true },
  ]);
});
afterAll(() => gitlab?.stop());

describe('a clone behind a login', () => {
  it('answers to a token, where strangers see no project', async () => {
    expect(await probeClone(gitlab.url)).toEqual({ state: 'no-project' });
    const login = { project: 'platform/clusters', token: TOKEN };
    expect(await probePrivateClone(gitlab.url, login)).toEqual({
      state: 'answered',
      project: 'platform/clusters',
    });
  });

  test.each([
    ['a token that the backup does not know', 'platform/clusters', 'glpat-younger', /answers 401/],
    ['a project that is not there', 'platform/gone', TOKEN, /answers 404/],
  ])('is denied for %s', async (_, project, token, why) => {
    const answer = await probePrivateClone(gitlab.url, { project, token });
    expect(answer).toEqual({ state: 'denied', why: expect.stringMatching(why) });
    expect(JSON.stringify(answer)).not.toContain('glpat');
  });

  it('fails where Git gives something else, and its token follows no redirect', async () => {
    const server = await startCannedServer((path) =>
      path.startsWith('/a/b') ? { status: 302, headers: { location: '/elsewhere' } } : { body: 'x' },
    );
    const answer = await probePrivateClone(server.url, { project: 'a/b', token: TOKEN });
    expect(answer.state).toBe('failed');
    expect(server.requests.map(({ path }) => path)).toEqual(['/a/b.git/info/refs?service=git-upload-pack']);
    await server.stop();
  });
});

describe('runners', () => {
  it('are listed with their last contact', async () => {
    expect(await listRunners(gitlab.url, TOKEN)).toEqual({
      state: 'listed',
      isAll: true,
      runners: [
        { id: 7, name: 'builds', isPaused: false, contactedAt: '2026-11-22T09:00:00.000Z' },
        { id: 8, name: '#8', isPaused: true, contactedAt: undefined },
      ],
    });
  });

  it('are denied to whoever is no administrator, without a word of the token', async () => {
    const answer = await listRunners(gitlab.url, 'glpat-of-nobody');
    expect(answer).toEqual({ state: 'denied', why: 'GitLab answers 403' });
  });

  it('are not known of a GitLab that is none', async () => {
    const server = await startCannedServer(() => ({ body: '<html>' }));
    expect((await listRunners(server.url, TOKEN)).state).toBe('failed');
    await server.stop();
  });
});
