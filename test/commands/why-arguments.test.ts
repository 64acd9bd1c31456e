import { describe, expect, it } from 'vitest';
import { runWhy, type WhyTools } from '../../functions/commands/why.ts';
import { targetStateKey, targetStateKind } from '../../functions/records/target-state.ts';
import { TransientError } from '../../functions/runtime/errors.ts';
import { createMemoryLedger } from '../support/memory-ledger.ts';
import { createSites, useDrydockYaml } from '../support/why-sites.ts';
import { IMAGE } from '../support/workload-builders.ts';

const pathOf = useDrydockYaml();

describe('where it looks', () => {
  it.each<[string, string[], string[]]>([
    ['at the site of the target', ['api'], ['ledger-other in eu-west-1']],
    ['at the sites of the targets of an image', [IMAGE], ['ledger-main in eu-central-1']],
    [
      'everywhere for a name it does not know',
      ['wep'],
      ['ledger-main in eu-central-1', 'ledger-other in eu-west-1'],
    ],
    ['at the site that is named', ['web', '--site', 'other'], ['ledger-other in eu-west-1']],
    ['in the bucket that is named', ['web', '--bucket', 'mine'], ['mine in the own region']],
  ])('%s', async (_, args, expected) => {
    const world = createSites();
    await world.why(...args);
    expect(world.opened).toEqual(expected);
  });

  it('in the bucket of the environment, for which it needs no drydock.yaml', async () => {
    const world = createSites();
    const tools = { ...world.tools, bucket: 'mine' };
    await world.mine?.claim(targetStateKind, targetStateKey('web'), { version: 1, target: 'web', holds: [] });
    const { exitCode } = await runWhy(['--file', pathOf('none.yaml'), 'web'], tools);
    expect({ exitCode, opened: world.opened }).toEqual({ exitCode: 0, opened: ['mine in the own region'] });
  });

  it.each([
    ['a site without stack', undefined, 'The stack drydock-main is not there in eu-central-1: deploy it'],
    ['a stack without ledger', {}, 'The stack drydock-main names no ledger bucket'],
  ])('%s: 3, and what to do', async (_, outputs, message) => {
    const tools: WhyTools = { ...createSites().tools, readOutputs: async () => outputs };
    const answer = await runWhy(['--file', pathOf(), 'web'], tools);
    expect(answer).toEqual({ exitCode: 3, output: expect.stringContaining(message) });
  });

  it('a ledger that does not answer is 3, not "nothing known", and says what lies behind it', async () => {
    const failing = async (): Promise<never> => {
      throw new TransientError('ledger.unavailable', 'S3 did not answer', {
        cause: new Error('Region is missing'),
      });
    };
    const openLedger = () => ({ ...createMemoryLedger(), read: failing });
    const answer = await runWhy(['--file', pathOf(), 'web'], { ...createSites().tools, openLedger });
    expect(answer).toEqual({ exitCode: 3, output: 'S3 did not answer (Region is missing)' });
  });
});

describe('arguments', () => {
  it('a name that nothing is known of asks what was meant', async () => {
    const { output, exitCode } = await createSites().why('wep');
    expect(exitCode).toBe(1);
    expect(output).toMatch(
      /nothing about wep since .*; drydock\.yaml knows web, api, .* Did you mean "web"\?$/,
    );
  });

  it.each<[string, string[], RegExp]>([
    ['nothing', [], /^Name one image or one target/],
    ['two names', ['web', 'api'], /^Name one image or one target/],
    ['an option that is none', ['web', '--sinc', '1d'], /Unknown option '--sinc'/],
    [
      'a span that is none',
      ['web', '--since', 'yesterday'],
      /--since takes 90m, 12h, 14d or a time, not yesterday/,
    ],
    [
      'a site that is none',
      ['web', '--site', 'mian'],
      /has no site mian; known: main, other\. Did you mean "main"/,
    ],
    ['an image that is none', ['Registry/UPPER'], /Registry\/UPPER is no name of an image/],
  ])('%s is 2, and says what to write', async (_, args, says) => {
    const { output, exitCode } = await createSites().why(...args);
    expect(exitCode).toBe(2);
    expect(output).toMatch(says);
  });

  it('without bucket a drydock.yaml that is not valid is 2', async () => {
    const answer = await runWhy(['--file', pathOf('none.yaml'), 'web'], createSites().tools);
    expect(answer).toEqual({ exitCode: 2, output: expect.stringContaining('there is no such file') });
  });

  it.each(['--help', '-h'])('%s explains the command', async (flag) => {
    const { output, exitCode } = await createSites().why(flag);
    expect({ exitCode, says: output.includes('npm run why -- <image or target>') }).toEqual({
      exitCode: 0,
      says: true,
    });
  });

  it('--json prints the same for machines', async () => {
    const world = createSites();
    await world.decide('20', { outcome: 'no', reason: 'outside ^2' });
    const { output, exitCode } = await world.why('web', '--json');
    expect(exitCode).toBe(0);
    expect(JSON.parse(output)).toMatchObject([
      { place: { bucket: 'ledger-main' }, lines: [{ outcome: 'no', reason: 'outside ^2', target: 'web' }] },
    ]);
    expect(await world.why('wep', '--json')).toEqual({ output: '[]', exitCode: 1 });
  });
});
