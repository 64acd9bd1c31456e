import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scanDump } from '../../../functions/backup/verify/dump-scan.ts';
import { DUMP_END, dumpText } from './gitlab-archive.ts';

const scan = (...chunks: readonly string[]) => {
  const scanned = scanDump();
  for (const chunk of chunks) scanned.add(Buffer.from(chunk));
  return scanned;
};

describe('the scan of a dump', () => {
  it.each([
    [true, 'the last words of pg_dump', DUMP_END],
    [true, 'them and the key of a newer one', `${DUMP_END}\\unrestrict x5Q0\n\n`],
    [true, 'them and a time', `-- Completed on 2025-11-21\n\n${DUMP_END}`],
    [true, 'lines of Windows', DUMP_END.replaceAll('\n', '\r\n')],
    [false, 'nothing', ''],
    [false, 'half of them', DUMP_END.slice(0, 30)],
    [false, 'them, and more statements', `${DUMP_END}CREATE INDEX i ON t (id);\n`],
    [false, 'them within the data of a table', `1\t-- PostgreSQL database dump complete\n\\.\n`],
    [false, 'another tool', '-- Dump completed on 2025-11-21\n'],
  ])('says %s of one that ends with %s', (isComplete, _, end) => {
    expect(scan(`SELECT 1;\n\n${end}`).isComplete).toBe(isComplete);
  });

  it('sees the same end in whatever pieces they come', () => {
    const text = dumpText(5, 3);
    fc.assert(
      fc.property(fc.array(fc.nat({ max: text.length }), { maxLength: 40 }), (cuts) => {
        const edges = [0, ...cuts.toSorted((a, b) => a - b), text.length];
        const chunks = edges.slice(1).map((end, index) => text.slice(edges[index], end));
        const { bytes, isComplete } = scan(...chunks);
        expect({ bytes, isComplete }).toEqual({ bytes: text.length, isComplete: true });
      }),
    );
  });
});
