import { describe, expect, test } from 'vitest';
import type { ExecutionState } from '../../functions/clients/executions.ts';
import { runVerification } from '../../functions/commands/verify-aws.ts';
import { TransientError } from '../../functions/runtime/errors.ts';
import { createSite, verify, writeSite } from '../support/verified-site.ts';

describe('what does not work', () => {
  type Site = ReturnType<typeof createSite>['site'];
  const failed = (status: ExecutionState['status']): ExecutionState => ({
    status,
    startedAt: undefined,
    stoppedAt: undefined,
    output: undefined,
    error: 'DefectError',
    cause: 'a bug',
  });
  test.each<[string, (site: Site) => void, RegExp]>([
    ['no stack', (site) => (site.outputs = undefined), /FAIL {2}stack .*not there[^]*\? {5}sweep .*waits/],
    [
      'a door open to all',
      (site) => (site.answer = () => ({ status: 200, body: '{}' })),
      /FAIL {2}stranger .*200/,
    ],
    [
      'a door shut to a sender',
      (site) => (site.answer = () => ({ status: 401, body: '' })),
      /FAIL {2}sender .*401/,
    ],
    [
      'a door that cannot store',
      (site) => (site.answer = () => ({ status: 503, body: '' })),
      /FAIL {2}sender .*503/,
    ],
    ['a sweep that fails', (site) => (site.state = failed('failed')), /FAIL {2}sweep .*DefectError: a bug/],
    [
      'a sweep that never ends',
      (site) => (site.state = failed('running')),
      /\? {5}sweep .*still runs after 300 s/,
    ],
    ['nobody subscribed', (site) => (site.topic = { confirmed: 0, pending: 0 }), /FAIL {2}topic .*nobody/],
    ['nobody confirmed', (site) => (site.topic = { confirmed: 0, pending: 3 }), /FAIL {2}topic .*3 invited/],
  ])('%s is told, and ends in 1', async (_, change, message) => {
    const world = createSite();
    change(world.site);
    const { output, exitCode } = await verify(world);
    expect(output).toMatch(message);
    expect(exitCode).toBe(1);
  });

  test('a door that does not answer is not shown as well', async () => {
    const world = createSite();
    const post = () => Promise.reject(new TransientError('webhook.unreachable', 'does not answer'));
    const { output, exitCode } = await verify({ ...world, tools: { ...world.tools, post } });
    expect(output).toMatch(/\? {5}stranger .*does not answer/);
    expect(exitCode).toBe(1);
  });

  test.each([
    ['no site named', ['--file', writeSite()], /Name the site with --site; known: main/],
    [
      'an unknown site',
      ['--file', writeSite(), '--site', 'mian'],
      /no site mian; known: main. Did you mean "main"/,
    ],
    ['an unknown option', ['--yes'], /--yes[^]*npm run verify:aws/],
  ])('%s ends in 2', async (_, args, message) => {
    const { output, exitCode } = await runVerification(args, createSite().tools, () => undefined);
    expect(output).toMatch(message);
    expect(exitCode).toBe(2);
  });
});
