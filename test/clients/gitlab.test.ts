import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type GitLab, openGitLab, type Proposal, probeSignIn } from '../../functions/clients/gitlab.ts';
import { type LocalGitLab, startGitLab } from '../../infra/local/gitlab/start-gitlab.ts';

const TOKEN = 'glpat-canary-9c41';
const PROJECT = 'platform/clusters';
const FILE = 'eu/terraform.tfvars';

let server: LocalGitLab;
let gitlab: GitLab;
beforeEach(async () => {
  server = await startGitLab({ token: TOKEN, report: () => undefined });
  server.addProject(PROJECT, { [FILE]: 'cluster_version = "1.35"\n' });
  gitlab = openGitLab({ url: server.url, token: TOKEN });
});
afterEach(() => server.stop());

const writes = (): string[] => server.calls.filter((call) => !call.startsWith('GET'));

describe('keepIssue', () => {
  const marker = 'drydock:shop';
  const keep = (more: { title?: string; description?: string; known?: number } = {}) =>
    gitlab.keepIssue(PROJECT, { marker, title: 'shop: 3 block', description: 'Three.', ...more });
  const issues = () => server.project(PROJECT).issues;

  it('makes an issue, found by its label from then on', async () => {
    const issue = await keep();
    expect(issue).toMatchObject({ number: 1, title: 'shop: 3 block', isOpen: true });
    expect(issue.url).toBe(`${server.url}/${PROJECT}/-/issues/1`);
    expect(issues()[0]?.labels).toEqual([marker]);
    expect((await gitlab.findIssue(PROJECT, marker))?.number).toBe(1);
  });

  it('changes nothing when it says the same', async () => {
    await keep();
    await keep();
    await keep({ known: 1 });
    expect(writes()).toEqual(['POST /api/v4/projects/platform%2Fclusters/issues']);
  });

  it('brings the issue up to date', async () => {
    await keep();
    await keep({ title: 'shop: ready', description: 'None.' });
    expect(issues()).toHaveLength(1);
    expect(issues()[0]).toMatchObject({ title: 'shop: ready', description: `None.\n\n<!-- ${marker} -->` });
  });

  it('finds it by the hidden comment where the token may make no labels', async () => {
    server.project(PROJECT).canMakeLabels = false;
    await keep();
    await keep({ title: 'shop: ready' });
    expect(issues()).toMatchObject([{ labels: [], title: 'shop: ready' }]);
  });

  it('takes no issue for its own that only speaks of the marker, or is for a longer name', async () => {
    const draft = { title: 'Question', description: `What is ${marker}?`, marker: 'question' };
    await gitlab.createIssue(PROJECT, draft);
    await gitlab.createIssue(PROJECT, { ...draft, description: 'For another', marker: `${marker}-2` });
    expect(await gitlab.findIssue(PROJECT, marker)).toBeUndefined();
    expect((await keep()).number).toBe(3);
  });

  it.each([
    ['closed', () => gitlab.updateIssue(PROJECT, 1, { isOpen: false })],
    ['gone', async () => void server.project(PROJECT).issues.splice(0)],
  ])('makes a new one when the known one is %s', async (_, end) => {
    await keep();
    await end();
    const again = await keep({ known: 1 });
    expect(again.isOpen).toBe(true);
    expect(issues().filter(({ state }) => state === 'opened')).toHaveLength(1);
  });

  it('closes and opens an issue', async () => {
    await keep();
    expect((await gitlab.updateIssue(PROJECT, 1, { isOpen: false })).isOpen).toBe(false);
    expect(await gitlab.findIssue(PROJECT, marker)).toBeUndefined();
    expect((await gitlab.updateIssue(PROJECT, 1, { isOpen: true })).isOpen).toBe(true);
    expect(await gitlab.readIssue(PROJECT, 1)).toMatchObject({ isOpen: true, title: 'shop: 3 block' });
  });
});

describe('proposeChange', () => {
  const wanted = 'cluster_version = "1.36"\n';
  const proposal: Proposal = {
    project: PROJECT,
    file: FILE,
    branch: 'main',
    content: wanted,
    title: 'Upgrade shop to 1.36',
    description: 'Planned.',
    source: 'drydock/shop-1.36',
  };
  const requests = () => server.project(PROJECT).mergeRequests;
  const read = (branch: string) => gitlab.readFile(PROJECT, FILE, branch);

  it('offers the file as a merge request and leaves the branch alone', async () => {
    const outcome = await gitlab.proposeChange(proposal);
    const url = `${server.url}/${PROJECT}/-/merge_requests/1`;
    expect(outcome).toEqual({ outcome: 'proposed', number: 1, url });
    expect((await read('main'))?.text).toContain('1.35');
    expect((await read(proposal.source))?.text).toBe(wanted);
    expect(requests()).toMatchObject([
      { targetBranch: 'main', title: 'Upgrade shop to 1.36', state: 'opened' },
    ]);
  });

  it('repeated, it is the same merge request and writes nothing', async () => {
    const first = await gitlab.proposeChange(proposal);
    const before = writes().length;
    expect(await gitlab.proposeChange(proposal)).toEqual(first);
    expect(writes()).toHaveLength(before);
  });

  it('with another content or text the merge request is brought up to date', async () => {
    await gitlab.proposeChange(proposal);
    await gitlab.proposeChange({ ...proposal, content: 'cluster_version = "1.36" # bake\n', title: 'Again' });
    expect((await read(proposal.source))?.text).toContain('bake');
    expect(requests()).toMatchObject([{ title: 'Again' }]);
  });

  it('a merge request that was closed is made anew', async () => {
    await gitlab.proposeChange(proposal);
    const [request] = requests();
    if (request) request.state = 'closed';
    expect(await gitlab.proposeChange(proposal)).toMatchObject({ number: 2 });
  });

  it('what was merged is already there', async () => {
    await gitlab.proposeChange(proposal);
    server.merge(PROJECT, 1);
    expect(await gitlab.proposeChange(proposal)).toEqual({ outcome: 'already-there' });
  });

  it('a file that the branch does not have is missing', async () => {
    await expect(gitlab.proposeChange({ ...proposal, file: 'gone.tfvars' })).rejects.toMatchObject({
      name: 'RefusedError',
      code: 'gitlab.missing',
      message: expect.stringContaining('gone.tfvars'),
    });
    expect(await gitlab.readFile(PROJECT, 'gone.tfvars', 'main')).toBeUndefined();
    expect(await gitlab.readFile(PROJECT, FILE, 'gone')).toBeUndefined();
  });
});

describe('probeSignIn', () => {
  it.each([
    [200, true],
    [302, true],
    [429, true],
    [404, false],
    [502, false],
  ])('a sign-in page that answers %d means: alive %s', async (status, alive) => {
    server.setSignIn(status);
    expect(await probeSignIn(server.url)).toBe(alive);
  });

  it('nobody there is not alive', async () => {
    // A port that is given to nobody: one that was just freed may be somebody else's by now.
    expect(await probeSignIn('http://127.0.0.1:1')).toBe(false);
  });
});
