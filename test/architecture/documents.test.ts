import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { checkLinks, checkScripts } from './rules/documents.ts';
import { plant, readTree } from './rules/tree.ts';

const tree = await readTree(fileURLToPath(new URL('../..', import.meta.url)));

describe('the documents', () => {
  it('every link leads somewhere', () => {
    expect(checkLinks(tree)).toEqual([]);
  });

  it.each<[string, string, string[]]>([
    [
      'a file that is not there',
      '[a](functions/nowhere.ts)',
      ['links to functions/nowhere.ts, which is not there'],
    ],
    ['a folder that is there', '[a](functions/deployment/)', []],
    ['a picture that is there', '![a](functions/upgrade/report.png)', []],
    [
      'a picture that is not there',
      '![a](functions/upgrade/nothing.png)',
      ['links to functions/upgrade/nothing.png, which is not there'],
    ],
    ['a heading that is there', '# Two Words\n\n[a](#two-words)', []],
    [
      'a heading that is not there',
      '# Two Words\n\n[a](#one-word)',
      ['links to #one-word, and docs.md has no such heading'],
    ],
    ['a page of the web', '[a](https://example.com/nowhere)', []],
    ['an example in code', '`[a](nowhere.ts)`', []],
  ])('a link to %s', (_, text, expected) => {
    const found = checkLinks(plant(tree, 'docs.md', text)).filter((violation) =>
      violation.startsWith('docs.md'),
    );
    expect(found).toEqual(expected.map((says) => `docs.md ${says}`));
  });
});

describe('the commands', () => {
  it('every npm script that is named exists, and starts a file that is there', () => {
    expect(checkScripts(tree)).toEqual([]);
  });

  it.each([
    ['docs.md', 'then `npm run deplyo`', 'docs.md names npm run deplyo, and package.json has none'],
    [
      'functions/rules/x.ts',
      "'run npm run verify:azure'",
      'functions/rules/x.ts names npm run verify:azure, and package.json has none',
    ],
    [
      'package.json',
      '{"scripts":{"x":"node infra/nowhere.ts"}}',
      'package.json: the script x starts infra/nowhere.ts, which is not there',
    ],
  ])('a wrong one in %s is noticed', (path, text, violation) => {
    expect(checkScripts(plant(tree, path, text))).toContain(violation);
  });
});
