import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanCell, renderColumns } from '../../functions/commands/terminal.ts';
import { counterexample } from '../support/counterexample.ts';

describe('columns', () => {
  it('are as wide as their widest cell, and the last one is wrapped beside its row', () => {
    const rows = [
      ['TIME', 'TAG', 'REASON'],
      ['08:00', '1.10.0', 'a reason of so many words that it needs a second line'],
    ];
    expect(renderColumns(rows, 48)).toBe(`TIME   TAG     REASON
08:00  1.10.0  a reason of so many words that it
               needs a second line`);
  });

  it('a word longer than the line is not cut: it may be an ARN to copy', () => {
    expect(renderColumns([['a', 'x'.repeat(50)]], 20)).toBe(`a  ${'x'.repeat(50)}`);
  });

  it('no rows are no lines', () => {
    expect(renderColumns([])).toBe('');
  });

  it.each([
    ['\u001b[31mred\u001b[0m', '[31mred [0m'],
    ['two\nlines', 'two lines'],
    ['turned \u202e round', 'turned   round'],
  ])('what could steer the terminal is taken out of %j', (text, expected) => {
    expect(cleanCell(text)).toBe(expected);
  });

  it('property: one row never poses as two, and every word is printed', () => {
    const cell = fc.stringMatching(/^[a-z\n ]{0,60}$/);
    const property = fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1 }), (rows) => {
      const printed = renderColumns(rows, 10_000);
      const words = rows.flat().flatMap((text) => text.split(/\s+/));
      return printed.split('\n').length === rows.length && words.every((word) => printed.includes(word));
    });
    expect(counterexample(property)).toBeUndefined();
  });
});

describe('a reader that went away', () => {
  it.each(['backup-verify', 'values-lint'])(
    'is no failure of %s: no trace, and its own exit code',
    async (name) => {
      const command = fileURLToPath(new URL(`../../functions/commands/${name}.ts`, import.meta.url));
      const script = 'set -o pipefail; "$0" "$1" --help | true';
      const { stderr, exitCode } = await execa('bash', ['-c', script, process.execPath, command], {
        reject: false,
      });
      expect([exitCode, stderr]).toEqual([0, '']);
    },
    30_000,
  );
});
