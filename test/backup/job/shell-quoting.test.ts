import { execa } from 'execa';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { quoteArgument } from '../../../functions/backup/job/shell-quoting.ts';
import { splitWords } from '../../../functions/backup/values/shell-words.ts';

/**
 * What a kubelet makes of an argument, by the words of the documentation: `$(NAME)` becomes the value where there is
 * such a variable and stays otherwise, and `$$` becomes `$`, so that `$$(NAME)` never does.
 */
const expandAsKubelet = (text: string): string =>
  text.replaceAll(/\$\$|\$\(([^)]*)\)/g, (whole, name) => {
    if (whole === '$$') return '$';
    return name === 'LOOT' ? "'; echo stolen; '" : whole;
  });

/** What a program behind kubelet and bash gets. */
const readBack = async (values: readonly string[]): Promise<string[]> => {
  const script = expandAsKubelet(`printf '%s\\0' ${values.map(quoteArgument).join(' ')}`);
  const { stdout } = await execa('bash', ['-c', script], { env: { LOOT: 'stolen', X: 'stolen' } });
  return stdout.split('\0').slice(0, -1);
};

const HOSTILE = [
  'plain-1.0',
  '',
  ' ',
  'two words',
  "it's",
  "'; reboot; '",
  '"',
  '$(LOOT)',
  '$$(LOOT)',
  '$$$(LOOT)',
  '$X ${X} `id` $(id)',
  '$',
  '$$',
  '\\',
  "\\'",
  '*',
  '~',
  '{a,b}',
  '# comment',
  '!!',
  '&& id',
  '| tee x',
  '> x',
  'a\nb',
  'ä€😀',
  '--restore',
];

test('each hostile value reaches the tool as it is', async () => {
  expect(await readBack(HOSTILE)).toEqual(HOSTILE);
});

test('so do any others, many at once', async () => {
  const sign = fc.constantFrom(
    "'",
    '"',
    '$',
    '(',
    ')',
    '\\',
    '`',
    ' ',
    '\n',
    ';',
    'L',
    'OOT',
    '$(LOOT)',
    'é',
  );
  const value = fc.oneof(
    fc.array(sign, { maxLength: 12 }).map((signs) => signs.join('')),
    fc.string(),
  );
  const property = fc.asyncProperty(fc.array(value, { minLength: 1, maxLength: 60 }), async (values) => {
    const given = values.map((one) => one.replaceAll('\0', ''));
    expect(await readBack(given)).toEqual(given);
  });
  await fc.assert(property, { numRuns: 15 });
});

test('our own reading of a command reads it as well', () => {
  const values = HOSTILE.filter((value) => !value.includes('$'));
  expect(splitWords(values.map(quoteArgument).join(' '))).toEqual(values);
});
