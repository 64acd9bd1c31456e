import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { PATIENCE_MINUTES, SNAPSHOT_HOURS } from '../../../functions/backup/marks/mark-pace.ts';
import { PART_REASON_KINDS } from '../../../functions/backup/marks/part-reasons.ts';
import {
  formatReasonTable,
  replaceReasonTable,
} from '../../../functions/commands/backup-verify/reason-table.ts';

const README = readFileSync(new URL('../../../functions/backup/README.md', import.meta.url), 'utf8');

describe('functions/backup/README.md', () => {
  it('names every reason of a part as the code does (node functions/commands/backup-verify/write-reason-table.ts)', () => {
    const table = formatReasonTable('reasons of parts');
    expect(replaceReasonTable(README, table, 'reasons of parts')).toBe(README);
  });

  it('says how long services are waited for', () => {
    const words = ['', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];
    expect(README).toContain(`asked again for ${words[PATIENCE_MINUTES]} minutes`);
    expect(README).toContain(`waited for ${words[SNAPSHOT_HOURS]} hours`);
  });
});

describe('the reasons of parts', () => {
  it.each(Object.entries(PART_REASON_KINDS))(
    '%s says what it means, and what to do',
    (_, { means, remedy, result }) => {
      expect(means).toMatch(/^([A-Z]).{20,}\.$/);
      expect(remedy !== undefined || result === 'note').toBe(true);
      expect(remedy ?? 'Nothing to do.').toMatch(/^[A-Z].{10,}\.$/);
    },
  );
});
