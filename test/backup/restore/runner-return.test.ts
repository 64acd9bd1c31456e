import { describe, expect, it, test } from 'vitest';
import { describeRunners, findReturned } from '../../../functions/backup/restore/checks/runner-return.ts';
import { lookAtAllRunners } from '../../../functions/backup/restore/reading/outside-look.ts';
import { openOutside } from '../../../functions/backup/restore/reading/outside-sources.ts';
import type { RunnersAnswer, SeenRunner } from '../../../functions/clients/gitlab/runners.ts';
import { RefusedError } from '../../../functions/runtime/errors.ts';
import { buildWorkload } from './restore-builders.ts';

const TIMES = { takenAt: '2026-11-22T03:00:00.000Z', openedAt: '2026-11-22T09:00:00.000Z' };
const runner = (contact: string | undefined, changes: Partial<SeenRunner> = {}): SeenRunner => ({
  id: 1,
  name: 'builds',
  isPaused: false,
  contactedAt: contact === undefined ? undefined : `2026-11-22T${contact}:00.000Z`,
  ...changes,
});
const listed = (...runners: readonly SeenRunner[]) => ({ state: 'listed' as const, runners, isAll: true });

describe('a runner', () => {
  test.each<[string, SeenRunner, 'back' | 'missing' | 'neither']>([
    ['that asked since GitLab was opened is back', runner('09:00'), 'back'],
    ['that was in contact when the backup was made is missing', runner('02:30'), 'missing'],
    ['that was in contact until GitLab was closed is missing', runner('08:59'), 'missing'],
    ['that was gone for two hours then is expected by nobody', runner('00:59'), 'neither'],
    ['that never asked is expected by nobody', runner(undefined), 'neither'],
    ['that is paused is expected by nobody', runner('02:30', { isPaused: true }), 'neither'],
  ])('%s', (_, one, expected) => {
    const { back, missing } = findReturned([one], TIMES);
    expect([back.length, missing.length]).toEqual([
      expected === 'back' ? 1 : 0,
      expected === 'missing' ? 1 : 0,
    ]);
  });

  test.each<[string, RunnersAnswer, string, RegExp]>([
    ['all are back', listed(runner('09:01')), 'pass', /All 1 runners/],
    [
      'one is missing',
      listed(runner('09:01'), runner('02:30', { name: 'lint' })),
      'not-checked',
      /not yet: lint/,
    ],
    ['none is known', listed(), 'not-checked', /no runner that should be there/],
    ['some were not looked at', { ...listed(runner('09:01')), isAll: false }, 'not-checked', /Only 1 of its/],
    ['they are denied', { state: 'denied', why: 'GitLab answers 403' }, 'not-checked', /of an administrator/],
    ['nobody answers', { state: 'failed', why: 'TimeoutError' }, 'not-checked', /TimeoutError/],
  ])('is told of truly when %s', (_, answer, result, message) => {
    expect(describeRunners(answer, TIMES)).toMatchObject({ result, message: expect.stringMatching(message) });
  });
});

describe('the look at runners', () => {
  const web = buildWorkload('web', { app: 'webservice' });
  const look = (answer: RunnersAnswer, minute: string, workloads = [web]) =>
    lookAtAllRunners(
      { url: 'https://gitlab.example.com', runners: async () => answer },
      workloads,
      { ...TIMES, since: TIMES.openedAt },
      new Date(`2026-11-22T09:${minute}:00.000Z`),
    );

  it('waits some minutes for those that are missing, and tells them then', async () => {
    expect((await look(listed(runner('02:30')), '04')).verdict.state).toBe('wait');
    const late = await look(listed(runner('02:30')), '05');
    expect([late.verdict.state, late.findings.map(({ result }) => result)]).toEqual([
      'done',
      ['not-checked'],
    ]);
  });

  it('is content at once when all are back, wherever they run', async () => {
    const turn = await look(listed(runner('09:01')), '02');
    expect(turn.findings.map(({ check, result }) => `${check} ${result}`)).toEqual(['runners-known pass']);
  });

  it('asks nobody about a GitLab that stands at 0', async () => {
    const turn = await look(listed(runner('02:30')), '01', [{ ...web, replicas: 0 }]);
    expect(turn.findings.map(({ check }) => check)).toEqual(['runners']);
  });
});

describe('a token', () => {
  const clients = {
    signIn: async () => true,
    clone: async () => ({ state: 'no-project' as const }),
    privateClone: async (
      _: string,
      { project, token }: { readonly project: string; readonly token: string },
    ) => ({
      state: 'answered' as const,
      project: `${project} by ${token}`,
    }),
    runners: async () => listed(),
    readSecret: async (reference: string) => `value of ${reference}`,
  };
  const url = 'https://gitlab.example.com';
  const named = { url, project: 'a/b', token: { secret: 'drydock/look' } };
  const { signal } = new AbortController();

  it('is used for the project that drydock.yaml names, and for nothing where it names none', async () => {
    const outside = openOutside(named, clients, signal);
    expect(await outside.clone(url)).toEqual({ state: 'answered', project: 'a/b by value of drydock/look' });
    const open = openOutside({ url }, clients, signal);
    expect([await open.clone(url), open.runners]).toEqual([{ state: 'no-project' }, undefined]);
  });

  it('that can not be read denies its looks, and fails no restore', async () => {
    const readSecret = async (): Promise<string> => {
      throw new RefusedError('secret.forbidden', 'The role may not read drydock/look.');
    };
    const outside = openOutside(named, { ...clients, readSecret }, signal);
    const denied = { state: 'denied', why: 'The role may not read drydock/look' };
    expect([await outside.clone(url), await outside.runners?.(url)]).toEqual([denied, denied]);
  });
});
