import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fail, notChecked, pass, type Row } from '../../functions/commands/doctor/check.ts';
import { exitCodeOf, renderJson, renderTable } from '../../functions/commands/doctor/report.ts';
import { runDoctor } from '../../functions/commands/doctor.ts';
import { createHealthyWorld, openInstruments } from '../support/fake-instruments.ts';

const row = (subject: string, check: string, finding: ReturnType<typeof pass>): Row => ({
  subject,
  check,
  ...finding,
});
const GOOD = row('site main', 'identity', pass('ada'));
const BAD = row('site main', 'topic', fail('nobody is subscribed', 'aws sns subscribe'));
const UNKNOWN = row('source hook', 'door', notChecked('no answer'));

describe('the report', () => {
  test('has a block for each subject, columns, and the mend below its failure', () => {
    expect(renderTable([GOOD, BAD, UNKNOWN])).toBe(`site main
  ok    identity  ada
  FAIL  topic     nobody is subscribed
                  > aws sns subscribe

source hook
  ?     door      no answer

1 ok, 1 failed, 1 not checked. A run would not get through everywhere.`);
  });

  test('says once that nothing of a subject could be looked at', () => {
    const rows = ['secret', 'door'].map((check) => row('source hook', check, notChecked('waits for "x"')));
    expect(renderTable([GOOD, ...rows])).toContain('source hook\n  ?     all       waits for "x"\n\n');
    expect(renderTable(rows)).toContain('2 not checked');
  });

  test.each([
    ['everything passed', [GOOD], 0, 'Everything a run needs is there.'],
    ['one failed', [GOOD, BAD], 1, 'A run would not get through everywhere.'],
    ['one was not checked', [GOOD, UNKNOWN], 1, 'not everything could be looked at.'],
  ] as const)('%s', (_what, rows, exitCode, summary) => {
    expect(exitCodeOf(rows)).toBe(exitCode);
    expect(renderTable(rows)).toContain(summary);
  });

  test('is the same as JSON', () => {
    expect(JSON.parse(renderJson([GOOD, BAD]))).toEqual({
      pass: 1,
      fail: 1,
      notChecked: 0,
      rows: [GOOD, BAD],
    });
  });
});

describe('the command', () => {
  let folder: string;
  let file: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'drydock-doctor-'));
    file = join(folder, 'drydock.yaml');
    await writeFile(file, "version: 1\nsites:\n  main: { account: '123456789012', region: eu-central-1 }\n");
  });
  afterAll(() => rm(folder, { recursive: true }));
  const run = (...args: string[]) => runDoctor(args, openInstruments(createHealthyWorld()));

  test('without anything wrong it ends with 0', async () => {
    expect(await run('--file', file)).toMatchObject({ exitCode: 0 });
  });

  test('--json prints JSON', async () => {
    const { output } = await run('--file', file, '--json');
    expect(JSON.parse(output)).toMatchObject({ pass: 5, fail: 0 });
  });

  test('--site looks at that site alone, and an unknown one is a mistake', async () => {
    expect(await run('--file', file, '--site', 'main')).toMatchObject({ exitCode: 0 });
    const { output, exitCode } = await run('--file', file, '--site', 'mian');
    expect(exitCode).toBe(2);
    expect(output).toContain('has no site mian; known: main. Did you mean "main"?');
  });

  test.each(['--help', '-h'])('%s explains the command', async (flag) => {
    const { output, exitCode } = await run(flag);
    expect(exitCode).toBe(0);
    expect(output).toContain('npm run doctor');
  });

  test('an unknown option ends with 2 and the help', async () => {
    const { output, exitCode } = await run('--sites', 'main');
    expect(exitCode).toBe(2);
    expect(output).toMatch(/Unknown option '--sites'[\s\S]*--site {2}look at this site only/);
  });

  test('a file that is not valid ends with 2 and its problems', async () => {
    const broken = join(folder, 'broken.yaml');
    await writeFile(broken, 'version: 2\n');
    const { output, exitCode } = await run('--file', broken);
    expect(exitCode).toBe(2);
    expect(output).toContain(`${broken}:1:10 version: 2 is not allowed; allowed: 1`);
  });
});
