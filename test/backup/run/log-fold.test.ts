import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FoldedLog, foldLog, NO_EVIDENCE } from '../../../functions/backup/run/log-fold.ts';
import { readBackupLog } from '../../../functions/backup/verify/log-evidence.ts';

const LINES = [
  'Dumping uploads ...',
  'empty',
  'Dumping lfs ...',
  '\u001b[32mDumping packages ...\u001b[0m',
  'done',
  'Bucket not found: gl-uploads. Skipping backup of uploads ...',
  'pg_dump: error: connection to server lost',
  'WARNING: something is old',
  'Dumping PostgreSQL database main ... [FAILED]',
  '[DONE] Backup can be found at s3://acme-backups/a_gitlab_backup.tar',
  'password=hunter2',
  '{"level":"info","msg":"completed create","relative_path":"@hashed/6b/86/6b.git"}',
  '{"level":"info","msg":"completed create","relative_path":"@snippets/6b/86/6b.git"}',
];

const foldAll = (pieces: readonly (readonly string[])[]): FoldedLog =>
  pieces.reduce<FoldedLog>((folded, lines) => foldLog(folded, lines), { evidence: NO_EVIDENCE });

describe('a log that is read piece by piece', () => {
  it('tells what it tells when it is read at once, wherever it was cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.constantFrom(...LINES), { maxLength: 8 }), { maxLength: 20 }),
        (pieces) => {
          expect(foldAll(pieces).evidence).toEqual(readBackupLog(pieces.flat()));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('keeps no line but the one that the next may explain', () => {
    expect(foldAll([LINES, ['Dumping lfs ...']]).lastLine).toBe('Dumping lfs ...');
    expect(foldAll([['Dumping lfs ...'], ['password=hunter2']]).lastLine).toBeUndefined();
  });
});
