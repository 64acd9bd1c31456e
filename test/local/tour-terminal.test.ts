import { isAbsolute } from 'node:path';
import { WriteStream } from 'node:tty';
import { stripVTControlCharacters } from 'node:util';
import * as fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { parseOptions } from '../../infra/local/terminal/options.ts';
import { openTerminal } from '../../infra/local/terminal/terminal.ts';
import { wrapText } from '../../infra/local/terminal/wrap-text.ts';
import { writeToText } from '../support/text-stream.ts';

describe('wrapped text', () => {
  it.each([
    ['breaks at the last space that fits', 'one two three', 8, 'one two\nthree'],
    [
      'keeps a word that is too long in one piece',
      'see sha256:0123456789 now',
      8,
      'see\nsha256:0123456789\nnow',
    ],
    ['keeps line breaks', 'one\n\ntwo', 8, 'one\n\ntwo'],
    ['keeps columns that fit', 'a    b', 8, 'a    b'],
    ['keeps what stands further in there', '  - one two three', 10, '  - one\n    two\n    three'],
  ])('%s', (_, text, width, wrapped) => {
    expect(wrapText(text, width)).toBe(wrapped);
  });

  it('is no wider than asked for, but for words that are, and loses no word', () => {
    const text = fc
      .array(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 1 })
      .map((words) => words.join(' '));
    fc.assert(
      fc.property(text, fc.integer({ min: 16, max: 40 }), (words, width) => {
        const lines = wrapText(words, width, '  ').split('\n');
        expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width);
        expect(lines.map((line) => line.trim()).join(' ')).toBe(words);
      }),
    );
  });
});

const printEverything = (isTTY: boolean): string => {
  const { stream, text } = writeToText();
  const terminal = openTerminal(
    Object.assign(stream, { isTTY, getColorDepth: () => WriteStream.prototype.getColorDepth() }),
  );
  terminal.heading('1. A good release');
  terminal.progress('Kubernetes: ready');
  terminal.say('said');
  terminal.event('0.10 s', 'patched', 'the API server took the image');
  terminal.confirm('it holds');
  terminal.fail('it does not');
  terminal.quote('a message');
  terminal.aside('2 s');
  terminal.command('Push:', 'npm start');
  return text();
};

describe('the terminal', () => {
  it('has no colours in the log of a CI job', () => {
    const text = printEverything(false);
    expect(text).toBe(stripVTControlCharacters(text));
  });

  it('says the same in colours to a person, and in plain text with NO_COLOR', () => {
    vi.stubEnv('TERM', 'xterm-256color');
    for (const name of ['NO_COLOR', 'FORCE_COLOR', 'NODE_DISABLE_COLORS', 'CI']) vi.stubEnv(name, undefined);
    const coloured = printEverything(true);
    const plain = stripVTControlCharacters(coloured);
    expect(coloured).not.toBe(plain);
    expect(plain).toBe(printEverything(false));
    vi.stubEnv('NO_COLOR', '1');
    expect(printEverything(true)).toBe(plain);
    vi.unstubAllEnvs();
  });
});

describe('a terminal that was silenced', () => {
  it('says nothing more', () => {
    const { stream, text } = writeToText();
    const terminal = openTerminal(stream);
    terminal.aside('Stopping ...');
    terminal.silence();
    terminal.fail('a part ended');
    expect(text()).toBe('   Stopping ...\n');
  });
});

describe('npm start', () => {
  it.each([
    [[], { once: false, tour: true }],
    [['--once'], { once: true, tour: true }],
    [['--no-tour'], { once: false, tour: false }],
  ])('%j is understood', (args, expected) => {
    const options = parseOptions(args);
    expect(options).toMatchObject(expected);
    expect('folder' in options && isAbsolute(options.folder)).toBe(true);
  });

  it.each([
    [['--once', '--no-tour'], /give one of them/],
    [['--onec'], /Unknown option '--onec'/],
    [['now'], /Unexpected argument 'now'/],
    [['--folder', ''], /--folder needs/],
  ])('%j is refused with what is wrong', (args, mistake) => {
    const options = parseOptions(args);
    expect('mistake' in options ? options.mistake : '').toMatch(mistake);
  });
});
