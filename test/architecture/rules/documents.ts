import { posix } from 'node:path';
import { pathsOf, type Tree, type Violation } from './tree.ts';

/** Names after `npm run`, in documents and in what the product prints. */
const NPM_RUN = /\bnpm run ([a-z][\w:-]*)/g;
/** What npm itself knows. */
const NPM_OWN = new Set(['start', 'test']);
/** Links of Markdown, without what lies on the web. */
const LINK = /\]\((?!https?:|mailto:)([^)\s]+)\)/g;
const CODE = /```[\s\S]*?```|`[^`\n]*`/g;

/** Every link between our documents leads somewhere, headings included. */
export const checkLinks = (tree: Tree): Violation[] =>
  pathsOf(tree, /\.md$/).flatMap((path) => {
    const text = (tree.get(path) ?? '').replaceAll(CODE, '');
    return [...text.matchAll(LINK)].flatMap(([, link = '']) => {
      const [file = '', heading] = link.split('#');
      const target = file === '' ? path : posix.join(posix.dirname(path), file).replace(/\/$/, '');
      const isFolder = [...tree.keys()].some((known) => known.startsWith(`${target}/`));
      if (!tree.has(target) && !isFolder) return [`${path} links to ${link}, which is not there`];
      if (heading === undefined || !target.endsWith('.md')) return [];
      return headingsOf(tree.get(target) ?? '').includes(heading)
        ? []
        : [`${path} links to ${link}, and ${target} has no such heading`];
    });
  });

/** Anchors as GitHub and GitLab make them of headings. */
const headingsOf = (text: string): string[] =>
  [...text.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

/** Every command that a document or a message names is a script of package.json, and every script has its file. */
export const checkScripts = (tree: Tree): Violation[] => {
  const scripts = scriptsOf(tree);
  const named = pathsOf(tree, /^(?!test\/).*\.(md|ts)$/).flatMap((path) =>
    [...(tree.get(path) ?? '').matchAll(NPM_RUN)].map(([, script = '']) => ({ path, script })),
  );
  const unknown = named.filter(({ script }) => !NPM_OWN.has(script) && !scripts.has(script));
  const lost = [...scripts].flatMap(([script, command]) =>
    [...command.matchAll(/\bnode ((?:functions|infra|test)\/\S+\.ts)/g)]
      .filter(([, file = '']) => !tree.has(file))
      .map(([, file = '']) => `package.json: the script ${script} starts ${file}, which is not there`),
  );
  return [
    ...unknown.map(({ path, script }) => `${path} names npm run ${script}, and package.json has none`),
    ...lost,
  ];
};

const scriptsOf = (tree: Tree): Map<string, string> => {
  const parsed: { scripts?: Record<string, string> } = JSON.parse(tree.get('package.json') ?? '{}');
  return new Map(Object.entries(parsed.scripts ?? {}));
};
