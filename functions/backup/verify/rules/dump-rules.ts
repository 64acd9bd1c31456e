import type { ArchiveDump, VerificationReason } from '../../../records/backup/verification.ts';
import { isDump } from '../contents.ts';
import { makeReason } from '../reason-kinds.ts';
import { compareSize, median, SHRUNK, SMALL_PART } from './object-rules.ts';
import type { Rule } from './rule.ts';

/** Database dumps against those before them: one that was read to its end may still be of the wrong database. */

/**
 * Each has about as many tables as it used to, and where there are several, about the size. Tables come and go with
 * GitLab's versions and partitions, a few at a time; half of them never.
 */
export const usualDumps: Rule = ({ inner }, { earlier = [] }) => {
  const dumps = inner.filter(({ name, state }) => isDump(name) && state === 'complete');
  return dumps.flatMap((dump) => {
    const before = earlier.flatMap(({ dumps: all = [] }) => all.filter(({ name }) => name === dump.name));
    const isOnlyOne = earlier.every(({ dumps: all = [] }) => all.length < 2);
    // Of a single one the size of `db` is compared with all others.
    return [...fewerTables(dump, before), ...(isOnlyOne ? [] : smaller(dump, before))];
  });
};

const fewerTables = (
  { name, tables }: Pick<ArchiveDump, 'name' | 'tables'>,
  before: readonly ArchiveDump[],
): VerificationReason[] => {
  const usual = median(before.flatMap((dump) => dump.tables ?? []));
  if (tables === undefined || tables >= usual * SHRUNK) return [];
  const message = `It has ${tables} tables; the ones before it had about ${usual}.`;
  return [makeReason('tables-fewer', name, message)];
};

const smaller = (
  { name, size }: Pick<ArchiveDump, 'name' | 'size'>,
  before: readonly ArchiveDump[],
): VerificationReason[] => {
  const usual = median(before.map((dump) => dump.size));
  return usual < SMALL_PART ? [] : compareSize(name, size, usual);
};
