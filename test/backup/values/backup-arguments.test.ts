import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readBackupArguments } from '../../../functions/backup/values/backup-arguments.ts';
import { parseByteSize, sayByteSize } from '../../../functions/backup/values/byte-size.ts';
import { quote } from '../../../functions/backup/values/quotation.ts';
import { splitWords } from '../../../functions/backup/values/shell-words.ts';
import { counterexample } from '../../support/counterexample.ts';

describe('words of a command', () => {
  it.each<[string, string[]]>([
    ['a  b\tc', ['a', 'b', 'c']],
    [`'a b' "c d"`, ['a b', 'c d']],
    ['a"b c"d', ['ab cd']],
    [String.raw`a\ b`, ['a b']],
    ['$(date +%s) x', ['$(date +%s)', 'x']],
    ['`date +%s`_x', ['`date +%s`_x']],
    ['${A B} x', ['${A B}', 'x']],
    ['"unclosed a', ['"unclosed', 'a']],
    ['a # b', ['a']],
    ['a#b', ['a#b']],
    ['a; b', ['a']],
    ['a && b', ['a']],
    ["''", ['']],
    ['', []],
  ])('%j are %j', (text, expected) => {
    expect(splitWords(text)).toEqual(expected);
  });

  it('are as many as there are blanks between, when nothing is quoted', () => {
    expect(
      counterexample(
        fc.property(fc.array(fc.stringMatching(/^[a-z0-9_=./-]{1,8}$/)), (words) => {
          expect(splitWords(words.join(' '))).toEqual(words);
        }),
      ),
    ).toBeUndefined();
  });
});

describe('arguments of a backup', () => {
  it.each<[string, string[]]>([
    ['--skip db --skip lfs', ['db', 'lfs']],
    ['--skip db,lfs', ['db', 'lfs']],
    ['--skip packages', ['packages']],
    ['--skip', []],
    ['--skip=db', []],
  ])('%j skips %j', (text, expected) => {
    expect([...readBackupArguments(text).skipped]).toEqual(expected);
  });

  it('takes the last of a flag, in any of its spellings', () => {
    expect(readBackupArguments('-t a --timestamp b').valueOf('-t', '--timestamp')).toBe('b');
  });
});

describe('sizes', () => {
  it.each<[string, number | undefined]>([
    ['10Gi', 10 * 1024 ** 3],
    ['120GB', 120e9],
    ['120 GB', 120e9],
    ['1.5Ti', 1.5 * 1024 ** 4],
    ['500m', 500e6],
    ['750000000000', 750e9],
    ['1e12', 1e12],
    ['2TiB', 2 * 1024 ** 4],
    ['many', undefined],
    ['', undefined],
    ['-1G', undefined],
    ['1i', undefined],
    ['9e99', undefined],
  ])('%j is %s', (text, expected) => {
    expect(parseByteSize(text)).toBe(expected);
  });

  it.each<[number, string]>([
    [0, '0 B'],
    [999, '999 B'],
    [120e9, '120 GB'],
    [1.34e12, '1.3 TB'],
    [5e15, '5000 TB'],
  ])('%s is said as %s', (bytes, expected) => {
    expect(sayByteSize(bytes)).toBe(expected);
  });
});

describe('what is repeated in a message', () => {
  it.each(['acme-backups', 'disable', '17.4', 's3://acme/prefix'])('%s is', (text) => {
    expect(quote(text)).toBe(`"${text}"`);
  });

  it.each([
    'glpat-abcdefghij0123456789',
    's3://AKIAABCDEFGHIJKLMNOP/x',
    'https://user:hunter2@host',
    'two words',
    'x'.repeat(64),
    'a\u001B[31m',
    'Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MA',
  ])('%s is not', (text) => {
    expect(quote(text)).toBe('what stands there');
  });
});
