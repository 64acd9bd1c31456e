import { pathsOf, type Tree, type Violation } from './tree.ts';

/** Lines a hand-written file may have; one idea a file needs fewer. */
export const MAX_LINES = 350;
/** Lines of the product's files: half of them have at most so many, nine of ten at most so many. */
export const BUDGET = { median: 100, p90: 220 };

/** What no source of ours contains, outside of comments that explain it and of the tests of this very rule. */
const FORBIDDEN: readonly { readonly pattern: RegExp; readonly says: string }[] = [
  { pattern: /\bas unknown as\b/, says: 'forces a type by as unknown as' },
  { pattern: /@ts-(ignore|expect-error|nocheck)/, says: 'silences the compiler' },
  { pattern: /\b(oxlint|eslint|biome)-(disable|ignore)/, says: 'silences a rule' },
  { pattern: /\b(TODO|FIXME|XXX)\b/, says: 'leaves something to do' },
  { pattern: /\b(it|test|describe|suite)\.only\b/, says: 'runs one test alone' },
  {
    pattern: /\bfrom '(?:zod)'(?<!^import (?:type )?\* as z from 'zod')/,
    says: "imports zod otherwise than by import * as z from 'zod'",
  },
];
/** An `any` in code; in words it is a word. */
const ANY = /(?::|<|\bas|\||=>)\s*any\b(?!\()/;
const WORDS = /^\s*\/?\*.*|\/\/.*|'[^']*'|"[^"]*"|`[^`]*`/g;
/** What Node gives everybody for speaking to the outside, which no import betrays; a collaborator has another name. */
const GLOBAL_SPEECH =
  /(?<![.\w])fetch\b(?!\??:)|\bglobal(This)?\??\.fetch\b|\b(WebSocket|XMLHttpRequest|EventSource)\b/;
const MAY_NOT_SPEAK = /^functions\/(?!clients\/)/;
/** Tests that nobody runs. The conformance tables are data of others, found by a variable of the environment. */
const SKIPPED = /\b(it|test|describe|suite)\.(skip|skipIf|runIf|todo|fails)\b/;
const MAY_SKIP = /^test\/((deployment|upgrade)\/conformance\/|support\/world\/)/;
/** The plants of these tests are texts that break the rule. */
const OF_THIS_RULE = /^test\/architecture\//;

export const checkText = (tree: Tree): Violation[] =>
  pathsOf(tree, /\.ts$/)
    .filter((path) => !OF_THIS_RULE.test(path))
    .flatMap((path) =>
      (tree.get(path) ?? '').split('\n').flatMap((line, index) => {
        const found = FORBIDDEN.filter(({ pattern }) => pattern.test(line)).map(({ says }) => says);
        const code = line.replaceAll(WORDS, '');
        if (ANY.test(code)) found.push('has an any');
        if (MAY_NOT_SPEAK.test(path) && GLOBAL_SPEECH.test(code))
          found.push('speaks to the outside: only functions/clients does');
        if (SKIPPED.test(line) && !MAY_SKIP.test(path)) found.push('skips a test');
        return found.map((says) => `${path}:${index + 1} ${says}`);
      }),
    );

const countLines = (text: string): number => text.trimEnd().split('\n').length;

export const checkSizes = (tree: Tree): Violation[] =>
  pathsOf(tree, /\.ts$/).flatMap((path) => {
    const lines = countLines(tree.get(path) ?? '');
    return lines > MAX_LINES ? [`${path} has ${lines} lines, more than ${MAX_LINES}: part it`] : [];
  });

/** How large the files of the product are: the middle one, and the one that nine of ten do not exceed. */
export const measureSizes = (tree: Tree): { median: number; p90: number; files: number } => {
  const sizes = pathsOf(tree, /^(functions|infra)\/.*\.ts$/)
    .map((path) => countLines(tree.get(path) ?? ''))
    .toSorted((a, b) => a - b);
  const at = (share: number): number =>
    sizes[Math.min(sizes.length - 1, Math.floor(sizes.length * share))] ?? 0;
  return { median: at(0.5), p90: at(0.9), files: sizes.length };
};
