import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { readLogLines } from '../../functions/clients/log-lines.ts';
import type { LogCursor } from '../../functions/records/kubernetes-job.ts';

/** Bytes in pieces, as a connection brings them. */
const inPieces = async function* (text: string, size: number): AsyncIterable<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
};

const read = (text: string, from?: LogCursor, chunk = 1_000, size = 7) =>
  Array.fromAsync(readLogLines(inPieces(text, size), from, chunk));

const AT = '2026-03-01T12:00:00';

describe('times of one length in one zone', () => {
  it.each([
    [`${AT}.123456789Z`, `${AT}.123456789Z`],
    [`${AT}.5Z`, `${AT}.500000000Z`],
    [`${AT}Z`, `${AT}.000000000Z`],
    ['2026-03-01T21:00:00.25+09:00', `${AT}.250000000Z`],
  ])('%s is %s', async (written, at) => {
    expect(await read(`${written} line\n`)).toEqual([{ text: 'line\n', cursor: { at, lines: 1 } }]);
  });
});

test('an empty line, a line without a time and a last line without an end are lines', async () => {
  const [chunk] = await read(`${AT}.1Z \nno time\n${AT}.2Z ünd 😀`);
  expect(chunk).toEqual({
    text: '\nno time\nünd 😀\n',
    cursor: { at: `${AT}.200000000Z`, lines: 1 },
  });
});

test('a line that is longer than a chunk is cut, and the next one is whole', async () => {
  const chunks = await read(`${AT}.1Z ${'x'.repeat(500)}\n${AT}.2Z next\n`, undefined, 60);
  expect(chunks.map(({ text }) => text)).toEqual([expect.stringMatching(/^x{53} \[cut\]\n$/), 'next\n']);
});

test('of lines in any groups of time, in any pieces, each is read once, wherever reading breaks off', async () => {
  const groups = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 12 });
  const piece = fc.integer({ min: 1, max: 90 });
  const property = fc.asyncProperty(groups, piece, piece, fc.nat(), async (sizes, size, chunk, stop) => {
    const lines = sizes.flatMap((count, group) =>
      Array.from({ length: count }, (_, index) => `${AT}.${100 + group}Z line ${group} ${index}`),
    );
    const text = lines.map((line) => `${line}\n`).join('');
    // Room for the longest line with its time, so that none is cut.
    const most = 50 + chunk;
    const whole = await read(text, undefined, most, size);
    for (const one of whole) expect(one.text.length).toBeLessThanOrEqual(most);
    const broken = whole.slice(0, stop % (whole.length + 1));
    const rest = await read(text, broken.at(-1)?.cursor, most, size);
    const all = [...broken, ...rest].map((one) => one.text).join('');
    expect(all).toBe(lines.map((line) => `${line.slice(25)}\n`).join(''));
  });
  await fc.assert(property);
});
