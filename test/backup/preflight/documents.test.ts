import { describe, expect, it } from 'vitest';
import type { PreflightRule } from '../../../functions/backup/preflight/preflight-rule.ts';
import { PREFLIGHT_RULES } from '../../../functions/backup/preflight/rules/registry.ts';
import { GIVE_UP_SECONDS } from '../../../functions/backup/probe/probe-verdict.ts';
import { readDocument, readTable } from '../../support/read-document.ts';

const README = readDocument('functions/backup/README.md');

const CONCERNS: Readonly<Record<PreflightRule['concerns'], string>> = {
  run: 'every run',
  job: 'a Job of the tool',
  archive: 'an archive of buckets',
};
const UNKNOWN: Readonly<Record<PreflightRule['ifUnknown'], string>> = {
  stop: 'no backup',
  'go-on': 'goes on',
};

describe('functions/backup/README.md', () => {
  it('names every rule of the preflight as the code does', () => {
    expect(readTable(README, 'Rule')).toEqual(
      PREFLIGHT_RULES.map(({ code, title, concerns, ifUnknown }) => [
        code,
        `${title}.`,
        CONCERNS[concerns],
        UNKNOWN[ifUnknown],
      ]),
    );
  });

  it('says how long a probe is waited for', () => {
    expect(GIVE_UP_SECONDS).toBe(9 * 60);
    expect(README).toContain('given up after nine minutes');
  });
});
