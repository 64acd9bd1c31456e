import { describe, expect, it, test } from 'vitest';
import { lookAtRunners, lookFromOutside } from '../../../../functions/backup/restore/reading/outside-look.ts';
import { buildWorkload } from '../restore-builders.ts';

const NOW = new Date('2026-11-22T09:10:00.000Z');
const EARLY = '2026-11-22T09:09:00.000Z';
const LATE = '2026-11-22T08:50:00.000Z';
const WEB = buildWorkload('web', { app: 'webservice' });

const look = (changes: object = {}, { rising = false, since = EARLY, replicas = WEB.replicas } = {}) =>
  lookFromOutside(
    {
      url: 'https://gitlab.example.com',
      signIn: async () => true,
      clone: async () => ({ state: 'answered', project: 'https://gitlab.example.com/a/b.git' }),
      ...changes,
    },
    [{ ...WEB, replicas, isSettled: !rising }],
    since,
    NOW,
  );
const resultsOf = ({ findings }: Awaited<ReturnType<typeof look>>) =>
  findings.map(({ check, result }) => `${check} ${result}`);

describe('a look from outside', () => {
  it('is content with pods that run, a sign-in page and a clone', async () => {
    const turn = await look();
    expect(turn.verdict.state).toBe('done');
    expect(resultsOf(turn)).toEqual(['health pass', 'sign-in pass', 'clone pass']);
  });

  test.each([
    ['pods that start', {}, true],
    ['a sign-in page', { signIn: async () => false }, false],
    ['Git', { clone: async () => ({ state: 'failed', why: 'HTTPError' }) }, false],
  ])('waits for %s, and tells them when it is late', async (_, changes, rising) => {
    expect((await look(changes, { rising })).verdict.state).toBe('wait');
    const late = await look(changes, { rising, since: LATE });
    expect(late.verdict.state === 'failed' || late.findings.some(({ result }) => result === 'fail')).toBe(
      true,
    );
  });

  test.each([
    ['without an address', { url: undefined }, ['health pass', 'sign-in not-checked', 'clone not-checked']],
    [
      'that shows strangers nothing',
      { clone: async () => ({ state: 'no-project' }) },
      ['health pass', 'sign-in pass', 'clone not-checked'],
    ],
    [
      'whose token is younger than the backup',
      { clone: async () => ({ state: 'denied', why: 'a/b answers 401' }) },
      ['health pass', 'sign-in pass', 'clone not-checked'],
    ],
  ])('never shows green for a GitLab %s', async (_, changes, expected) => {
    expect(resultsOf(await look(changes))).toEqual(expected);
  });
});

it('does not wait for the pages of a GitLab that stood at 0 before', async () => {
  const asked: string[] = [];
  const signIn = async (url: string) => asked.push(url) < 0;
  const turn = await look({ signIn }, { replicas: 0 });
  expect([turn.verdict.state, asked]).toEqual(['done', []]);
  expect(resultsOf(turn)).toEqual(['health pass', 'sign-in not-checked', 'clone not-checked']);
});

describe('runners', () => {
  const runner = buildWorkload('gitlab-gitlab-runner', { app: 'gitlab-gitlab-runner' });
  test.each([
    ['that run are back', [runner], EARLY, 'done', ['pass']],
    ['that start are waited for', [{ ...runner, isSettled: false }], EARLY, 'wait', []],
    ['that do not come up are told', [{ ...runner, isSettled: false }], LATE, 'failed', []],
    ['of which none is here are not checked', [WEB], EARLY, 'done', ['not-checked']],
    ['that stand at 0 are not checked', [{ ...runner, replicas: 0 }], EARLY, 'done', ['not-checked']],
  ])('%s', (_, workloads, since, state, results) => {
    const turn = lookAtRunners(workloads, since, NOW);
    expect(turn.verdict.state).toBe(state);
    expect(turn.findings.map(({ result }) => result)).toEqual(results);
  });
});
