import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LocalGitLab, startGitLab } from '../../infra/local/gitlab/start-gitlab.ts';

/** What the local GitLab shows to strangers: what is looked at from outside after a restore. */

let gitlab: LocalGitLab;
beforeAll(async () => {
  gitlab = await startGitLab({ token: 'token', report: () => undefined });
  gitlab.addProject('platform/clusters');
});
afterAll(() => gitlab.stop());

const ask = async (path: string, headers: Record<string, string> = {}) => {
  const response = await fetch(`${gitlab.url}${path}`, { headers });
  return { status: response.status, text: await response.text() };
};
const REFERENCES = '/platform/clusters.git/info/refs?service=git-upload-pack';

test('a stranger sees the public projects, and the branches of one', async () => {
  expect(JSON.parse((await ask('/api/v4/projects?visibility=public')).text)).toEqual([
    { http_url_to_repo: `${gitlab.url}/platform/clusters.git`, empty_repo: false },
  ]);
  const { status, text } = await ask(REFERENCES);
  expect([status, text.slice(0, 34)]).toEqual([200, '001e# service=git-upload-pack\n0000']);
  expect(text).toMatch(/\n003d[0-9a-f]{40} refs\/heads\/main\n0000$/);
});

test('nobody sees a project that is not there, nor pushes', async () => {
  expect((await ask(REFERENCES.replace('clusters', 'others'))).status).toBe(401);
  expect((await ask(REFERENCES.replace('upload', 'receive'))).status).toBe(404);
});

test('while it is down all of that is, and the API behind its token as ever', async () => {
  gitlab.setSignIn(502);
  const pages = ['/users/sign_in', '/api/v4/projects', REFERENCES];
  const statuses = await Promise.all(pages.map(async (page) => (await ask(page)).status));
  gitlab.setSignIn(200);
  expect(statuses).toEqual([502, 502, 502]);
  expect((await ask('/users/sign_in')).status).toBe(200);
  expect((await ask('/api/v4/projects/none/issues', { 'private-token': 'token' })).status).toBe(404);
});
