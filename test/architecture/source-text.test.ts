import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { BUDGET, checkSizes, checkText, MAX_LINES, measureSizes } from './rules/source-text.ts';
import { plant, readTree } from './rules/tree.ts';

const tree = await readTree(fileURLToPath(new URL('../..', import.meta.url)));
const PATH = 'functions/rules/x.ts';

describe('the sources', () => {
  it('nothing forces a type, silences a rule, skips a test or is left to do', () => {
    expect(checkText(tree)).toEqual([]);
  });

  it.each([
    ['const a: any = 1;', 'has an any'],
    ['const a = b as any;', 'has an any'],
    ['const a: Map<any, string> = b;', 'has an any'],
    ['const a = b as unknown as string;', 'forces a type by as unknown as'],
    ['// @ts-expect-error', 'silences the compiler'],
    ['// oxlint-disable-next-line', 'silences a rule'],
    ['// biome-ignore lint: why', 'silences a rule'],
    ['// TODO', 'leaves something to do'],
    ["it.only('x', () => {});", 'runs one test alone'],
    ["it.skip('x', () => {});", 'skips a test'],
    ["describe.skipIf(true)('x', () => {});", 'skips a test'],
    ["import { z } from 'zod';", "imports zod otherwise than by import * as z from 'zod'"],
    ["import type { ZodType } from 'zod';", "imports zod otherwise than by import * as z from 'zod'"],
  ])('%s is noticed', (line, says) => {
    expect(checkText(new Map([[PATH, `const first = 1;\n${line}\n`]]))).toContain(`${PATH}:2 ${says}`);
  });

  it.each([
    "import * as z from 'zod';",
    "import type * as z from 'zod';",
    'AbortSignal.any([a, b])',
    '// one of: any of them',
    ' * either: any of them',
    "const a = 'b: any';",
    'expect.any(Number)',
    'const many: Company = any4;',
  ])('%s is fine', (line) => {
    expect(checkText(new Map([[PATH, line]]))).toEqual([]);
  });
});

describe('the way to the outside', () => {
  const CALLS = [
    'await fetch(url);',
    'const ask = globalThis.fetch;',
    'f({ fetch, url });',
    'new WebSocket(url);',
    'new XMLHttpRequest();',
    'new EventSource(url);',
  ];

  it.each(
    CALLS.flatMap((line) => ['deployment', 'upgrade/checks', 'rules', 'runtime'].map((room) => [line, room])),
  )('%s is noticed in functions/%s', (line, room) => {
    const path = `functions/${room}/x.ts`;
    expect(checkText(new Map([[path, `const first = 1;\n${line}\n`]]))).toEqual([
      `${path}:2 speaks to the outside: only functions/clients does`,
    ]);
  });

  it.each(['functions/clients/x.ts', 'infra/local/x.ts', 'test/x.test.ts'])('is open in %s', (path) => {
    expect(checkText(new Map([[path, CALLS.join('\n')]]))).toEqual([]);
  });

  it.each([
    '// fetch (the one of Node) is for clients',
    "const words = 'fetch(url)';",
    'const page = await pages.fetch(url);',
    'const prefetch = fetchTwice(url);',
    'const client = ky.create({ fetch: readOnce });',
  ])('%s is fine', (line) => {
    expect(checkText(new Map([[PATH, line]]))).toEqual([]);
  });
});

describe('the sizes', () => {
  it(`no file has more than ${MAX_LINES} lines`, () => {
    expect(checkSizes(tree)).toEqual([]);
  });

  it('one that has is noticed', () => {
    const found = checkSizes(plant(tree, PATH, 'a\n'.repeat(MAX_LINES + 1)));
    expect(found).toContain(`${PATH} has ${MAX_LINES + 1} lines, more than ${MAX_LINES}: part it`);
  });

  it(`budget: half of the product's files have at most ${BUDGET.median} lines, nine of ten at most ${BUDGET.p90}`, () => {
    const { median, p90, files } = measureSizes(tree);
    expect(files).toBeGreaterThan(100);
    expect({ median: median <= BUDGET.median, p90: p90 <= BUDGET.p90 }).toEqual({ median: true, p90: true });
  });

  it('are measured: the middle one and the ninth of ten', () => {
    const sized = new Map(
      Array.from({ length: 10 }, (_, index) => [`infra/${index}.ts`, 'a\n'.repeat(index + 1)]),
    );
    expect(measureSizes(sized)).toEqual({ median: 6, p90: 10, files: 10 });
  });
});
