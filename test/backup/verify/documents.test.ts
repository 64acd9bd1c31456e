import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { SMALL_ARCHIVE } from '../../../functions/backup/verify/bucket-archive.ts';
import { DUMP_READ_LIMIT } from '../../../functions/backup/verify/expectation.ts';
import { MAX_INFORMATION_BYTES } from '../../../functions/backup/verify/information.ts';
import { REASON_KINDS } from '../../../functions/backup/verify/reason-kinds.ts';
import { parseOptions } from '../../../functions/commands/backup-verify/options.ts';
import {
  formatReasonTable,
  replaceReasonTable,
} from '../../../functions/commands/backup-verify/reason-table.ts';
import { runBackupVerify } from '../../../functions/commands/backup-verify.ts';
import { createFixedClock } from '../../support/fixed-clock.ts';

const README = readFileSync(new URL('../../../functions/backup/README.md', import.meta.url), 'utf8');

/** Nothing but the help is asked for. */
const NO_TOOLS = {
  openStore: () => {
    throw new Error('No store.');
  },
  listArchives: async () => ({ archives: [], isCut: false }),
  openKeys: () => ({ list: async () => ({ keys: [], more: false }) }),
  readSourceBucket: async () => 'unknown' as const,
  readLog: async () => '',
  write: async () => undefined,
  showProgress: () => undefined,
  clock: createFixedClock(),
  width: 80,
};

describe('functions/backup/README.md', () => {
  it('names every reason as the code does (node functions/commands/backup-verify/write-reason-table.ts)', () => {
    expect(replaceReasonTable(README, formatReasonTable())).toBe(README);
  });

  it('says of each exit code what the help says', async () => {
    const { output } = await runBackupVerify(['--help'], NO_TOOLS);
    for (const [, code, meaning = ''] of output.matchAll(/^  (\d) {2}(.+)$/gm)) {
      expect(README).toMatch(new RegExp(`^\\| ${code} +\\| ${meaning} *\\|$`, 'm'));
    }
  });

  it('says the limits that hold', () => {
    expect(README).toContain(`whole, up to ${MAX_INFORMATION_BYTES / 1024} KB`);
    expect(README).toContain(`up to ${DUMP_READ_LIMIT / 1024 ** 3} GiB`);
    expect(README).toContain(`up to ${SMALL_ARCHIVE / 1024} KB whole`);
  });

  const shown = [...README.matchAll(/npm run (?:-s )?backup-verify -- ([^|\n]*)/g)].map(([, args = '']) =>
    args.trim(),
  );

  it('shows commands', () => {
    expect(shown.length).toBeGreaterThan(4);
  });

  it.each(shown)('npm run backup-verify -- %s is understood', (args) => {
    expect(parseOptions(args.split(' '))).toHaveProperty('options');
  });

  it('has a place for the table, or says that it has none', () => {
    expect(() => replaceReasonTable('# Another text', '')).toThrow(/no place for the table/);
  });
});

describe('the reasons', () => {
  it('stand worst first, each with a sentence, and with something to do unless it is a note', () => {
    const kinds = Object.values(REASON_KINDS);
    const order = ['corrupt', 'incomplete', 'not-checked', 'note'];
    const ranks = kinds.map(({ result }) => order.indexOf(result));
    expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
    for (const { result, means, remedy } of kinds) {
      expect(means).toMatch(/^([A-Z]|backup_information\.yml ).*\.$/);
      expect([means, remedy === undefined]).toEqual([means, result === 'note']);
    }
  });
});
