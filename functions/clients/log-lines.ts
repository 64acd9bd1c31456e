import type { LogCursor } from '../records/kubernetes-job.ts';

/** The kubelet's time before each line, RFC 3339 with up to nine digits behind the seconds. */
const TIME = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)(?: |$)/;
/** Characters of the longest time. */
const TIME_LENGTH = '2026-03-01T12:00:00.123456789+00:00 '.length;
/** What is put behind a line that was too long to be held. */
const CUT = ' [cut]';

/**
 * Reads lines with the kubelet's times before them, passes over those that the cursor knows, and gives the others in
 * chunks of at most so many characters, each whole but for a line that alone is longer.
 */
export const readLogLines = async function* (
  bytes: AsyncIterable<Uint8Array>,
  from: LogCursor | undefined,
  chunkCharacters: number,
): AsyncIterable<{ readonly text: string; readonly cursor: LogCursor }> {
  const known = from && { at: readTime(from.at)?.at ?? from.at, lines: from.lines };
  let cursor: LogCursor = known ?? { at: '', lines: 0 };
  let passed = 0;
  let chunk = '';
  for await (const raw of splitLines(bytes, chunkCharacters + TIME_LENGTH)) {
    const time = readTime(raw);
    // The rest of a line that the runtime wrote in parts has no time of its own.
    const at = time?.at ?? cursor.at;
    if (known && at < known.at) continue;
    if (known && at === known.at && passed < known.lines) {
      passed++;
      continue;
    }
    const text = raw.slice(time?.length ?? 0);
    const isLong = text.length >= chunkCharacters;
    const line = `${isLong ? `${text.slice(0, chunkCharacters - CUT.length - 1)}${CUT}` : text}\n`;
    if (chunk !== '' && chunk.length + line.length > chunkCharacters) {
      yield { text: chunk, cursor };
      chunk = '';
    }
    chunk += line;
    cursor = at === cursor.at ? { at, lines: cursor.lines + 1 } : { at, lines: 1 };
  }
  if (chunk !== '') yield { text: chunk, cursor };
};

/** The time at the beginning of a line as text of one length in one zone, so that texts compare as times do. */
const readTime = (line: string): { readonly at: string; readonly length: number } | undefined => {
  const [whole, seconds, fraction = '', zone] = TIME.exec(line) ?? [];
  if (whole === undefined) return undefined;
  const date = new Date(`${seconds}${zone}`);
  if (Number.isNaN(date.getTime())) return undefined;
  return { at: `${date.toISOString().slice(0, 19)}.${fraction.padEnd(9, '0')}Z`, length: whole.length };
};

/** Lines, each up to so many characters; the rest of a longer one is passed over. */
const splitLines = async function* (bytes: AsyncIterable<Uint8Array>, most: number): AsyncIterable<string> {
  const decoder = new TextDecoder();
  let begun = '';
  const add = (text: string): void => {
    begun += text.slice(0, most - begun.length);
  };
  for await (const piece of bytes) {
    const [first = '', ...others] = decoder.decode(piece, { stream: true }).split('\n');
    add(first);
    for (const text of others) {
      yield begun;
      begun = '';
      add(text);
    }
  }
  add(decoder.decode());
  if (begun !== '') yield begun;
};
