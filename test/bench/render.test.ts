import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { chooseMeasures, readArguments, USAGE } from './arguments.ts';
import { below, exactly } from './measure.ts';
import { measures } from './measures.ts';
import { insertSections, RESULTS_FILE, Results, renderSections } from './render.ts';

const results = Results.parse(JSON.parse(readFileSync(RESULTS_FILE, 'utf8')));
const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

describe('the README', () => {
  it('has the numbers of results.json (else: node test/bench/render.ts)', () => {
    expect(insertSections(readme, renderSections(results))).toBe(readme);
  });

  it('is refused by name of the markers when it lacks them', () => {
    expect(() => insertSections('# Nothing', { bench: '' })).toThrow('<!-- bench --> and <!-- /bench -->');
  });

  it('keeps what stands around the markers', () => {
    const text = 'before <!-- cost -->old<!-- /cost --> after';
    expect(insertSections(text, { cost: 'new' })).toBe('before <!-- cost -->\nnew\n<!-- /cost --> after');
  });
});

describe('results.json', () => {
  it('knows no measure that there is no more', () => {
    const names = measures.map(({ name }) => name);
    expect(Object.keys(results.measures).filter((name) => !names.includes(name))).toEqual([]);
  });
});

describe('a row', () => {
  it.each([
    [{ p50: 10, p99: 199.9 }, 'met'],
    [{ p50: 10, p99: 200 }, 'missed'],
    [200, 'missed'],
  ])('of %j below 200 is %s', (values, verdict) => {
    expect(below('x', 200, 'ms', values).verdict).toBe(verdict);
  });

  it.each([
    [1, 1, 'met'],
    [1, 2, 'missed'],
    [1, 0, 'missed'],
  ])('that wants %s and sees %s is %s', (wanted, seen, verdict) => {
    expect(exactly('x', wanted, seen).verdict).toBe(verdict);
  });
});

describe('the command line', () => {
  it.each([
    [[], []],
    [['--only', 'door'], ['door']],
    [
      ['--only', 'door,push', '--only', 'sweep'],
      ['door', 'push', 'sweep'],
    ],
  ])('%j asks for %j', (args, only) => {
    expect(readArguments(args)).toEqual({ ok: true, help: false, only });
  });

  it('without names means all, with names those in the order of the registry', () => {
    expect(chooseMeasures(measures, [])).toEqual({ ok: true, measures });
    const chosen = chooseMeasures(measures, ['door', 'policies']);
    expect(chosen.ok && chosen.measures.map(({ name }) => name)).toEqual(['policies', 'door']);
  });

  it('refuses what it does not know, and says what there is', () => {
    expect(readArguments(['--fast'])).toMatchObject({
      ok: false,
      message: expect.stringContaining('--only'),
    });
    expect(chooseMeasures(measures, ['doors'])).toMatchObject({
      ok: false,
      message: expect.stringContaining('door-start'),
    });
  });

  it('--help lists every measure, each once', () => {
    const lines = USAGE.split('\n').map((line) => line.trim().split(/ {2,}/));
    for (const { name, about } of measures) expect(lines).toContainEqual([name, about]);
    expect(new Set(measures.map(({ name }) => name)).size).toBe(measures.length);
  });
});
