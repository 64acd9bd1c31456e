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
    expect(checkText(plant(tree, PATH, `const first = 1;\n${line}\n`))).toContain(`${PATH}:2 ${says}`);
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
    expect(checkText(plant(tree, PATH, line)).filter((violation) => violation.startsWith(PATH))).toEqual([]);
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
