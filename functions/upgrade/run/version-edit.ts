import type { KubernetesMinor } from '../../records/kubernetes-version.ts';

export type VersionEdit =
  | {
      readonly ok: true;
      readonly text: string /** Nothing is different: it is there already. */;
      readonly isThere: boolean;
    }
  | { readonly ok: false; readonly reason: string };

/**
 * Changes the version in the one line that holds it, and nothing else in the file. The line is found by how it is
 * written around the version (`cluster_version = "{version}"`), wherever it is indented; none, or more than one, is
 * refused: a guess in somebody else's definition is worse than no help.
 */
export const editVersion = (text: string, line: string, to: KubernetesMinor): VersionEdit => {
  const [before = '', after = ''] = line.split('{version}', 2);
  const found = text.split('\n').flatMap((one, index) => {
    const start = one.indexOf(before);
    const rest = start < 0 ? undefined : one.slice(start + before.length);
    const version = rest === undefined ? undefined : /^1\.\d{1,3}/.exec(rest)?.[0];
    return version !== undefined && rest?.slice(version.length).startsWith(after)
      ? [{ index, at: start + before.length, version }]
      : [];
  });
  const [only, second] = found;
  if (!only) return { ok: false, reason: `no line of the file reads ${line}` };
  if (second) {
    return {
      ok: false,
      reason: `lines ${found.map(({ index }) => index + 1).join(' and ')} both read ${line}`,
    };
  }
  const lines = text.split('\n');
  const present = lines[only.index] ?? '';
  lines[only.index] = `${present.slice(0, only.at)}${to}${present.slice(only.at + only.version.length)}`;
  return { ok: true, text: lines.join('\n'), isThere: only.version === to };
};
