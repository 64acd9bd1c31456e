/**
 * Breaks text at spaces so that no line is longer than `width` columns; a longer word has a line of its own, since
 * a path, a digest or a command that is broken cannot be copied. Line breaks in the text stay.
 *
 * @param indent goes before each line and counts.
 */
export const wrapText = (text: string, width: number, indent = ''): string =>
  text
    .split('\n')
    .flatMap((line) => wrapLine(line, width - indent.length))
    .map((line) => `${indent}${line}`.trimEnd())
    .join('\n');

const wrapLine = (line: string, width: number): string[] => {
  // A line that fits stays as it is: its columns may be aligned.
  if (line.length <= width) return [line];
  // What stands further in stays there where it is broken, behind the dash of a list as well.
  const lead = /^\s*(- )?/.exec(line)?.[0] ?? '';
  const lines: string[] = [];
  let current = '';
  for (const word of line.slice(lead.length).trim().split(/\s+/)) {
    if (current !== '' && lead.length + current.length + 1 + word.length > width) {
      lines.push(current);
      current = word;
    } else {
      current = current === '' ? word : `${current} ${word}`;
    }
  }
  return [...lines, current].map((text, index) => (index === 0 ? lead : lead.replace('-', ' ')) + text);
};
