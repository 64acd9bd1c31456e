import { afterEach, describe, expect, test } from 'vitest';
import { probeClone } from '../../functions/clients/gitlab/clone.ts';
import { type CannedAnswer, type CannedServer, startCannedServer } from '../support/canned-server.ts';

const servers: CannedServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

const REFS = '001e# service=git-upload-pack\n0000';
const project = (path: string, changes: object = {}) => ({
  http_url_to_repo: `https://elsewhere.example.com/${path}.git`,
  ...changes,
});

const ROWS: [what: string, projects: CannedAnswer, refs: CannedAnswer, expected: object][] = [
  ['answers with branches', { body: [project('a/b')] }, { body: REFS }, { state: 'answered' }],
  [
    'has an empty project before another',
    { body: [project('a/e', { empty_repo: true }), project('a/b')] },
    { body: REFS },
    { state: 'answered', project: project('a/b').http_url_to_repo },
  ],
  ['shows strangers nothing', { body: [] }, {}, { state: 'no-project' }],
  ['answers something else', { body: [project('a/b')] }, { body: '<html>' }, { state: 'failed' }],
  ['refuses Git', { body: [project('a/b')] }, { status: 403 }, { state: 'failed' }],
  ['has no API', { status: 404 }, {}, { state: 'failed' }],
];

describe('a clone', () => {
  test.each(ROWS)('of a GitLab that %s', async (_, projects, refs, expected) => {
    const server = await startCannedServer((path) => (path.startsWith('/api/') ? projects : refs));
    servers.push(server);
    expect(await probeClone(server.url)).toMatchObject(expected);
    const asked = server.requests.filter(({ path }) => path.includes('info/refs'));
    expect(asked.every(({ path }) => path === '/a/b.git/info/refs?service=git-upload-pack')).toBe(true);
  });
});
