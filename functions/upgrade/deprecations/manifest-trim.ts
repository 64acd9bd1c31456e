/**
 * Makes a large document small enough to parse: a parser of YAML needs a hundred times the memory of the text and a
 * second for each 200 KB, and all that is asked for stands in a few lines.
 */

const WANTED = /^["']?(?:apiVersion|kind|metadata|items)["']?[ \t]*:/;
const BLANK = /^[ \t]*(?:#.*)?\r?$/;

/**
 * Empties the lines below every key of a YAML mapping that says nothing of what the object is, `spec` above all. Lines
 * keep their numbers. What belongs to a key is indented deeper, or begins with a dash or a closing bracket.
 */
export const dropBodies = (text: string): string => {
  const lines = text.split('\n');
  const first = lines.find((line) => !BLANK.test(line)) ?? '';
  const indent = first.length - first.trimStart().length;
  let isWanted = true;
  const kept = lines.map((line) => {
    const begins = line.charAt(indent);
    const isAtMargin = line.slice(0, indent).trim() === '' && begins !== '' && !' \t\r#-]}'.includes(begins);
    if (isAtMargin) isWanted = WANTED.test(line.slice(indent));
    return isWanted ? line : '';
  });
  return kept.join('\n');
};
