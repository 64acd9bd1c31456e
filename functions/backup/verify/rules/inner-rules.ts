import type { VerificationReason } from '../../../records/backup/verification.ts';
import { type InnerFile, isDump } from '../contents.ts';
import { MAIN_DUMP } from '../dump-count.ts';
import type { InnerEvidence, InnerState } from '../inner-evidence.ts';
import { INFORMATION_FILE, isObjectPart, partOfName } from '../parts.ts';
import { makeReason } from '../reason-kinds.ts';
import { isLinuxPackage, type Rule, saySize, sourceOf } from './rule.ts';

/** The files in the archive that hold a database, or a bucket. */

/** Each was looked into, and is what it is named. */
export const soundFiles: Rule = (evidence, expectation) => {
  const { contents, inner } = evidence;
  const seen = new Map(inner.map((file) => [file.start, file]));
  const files = (contents?.inner ?? []).filter(({ name }) => name !== INFORMATION_FILE);
  return files.flatMap((file) => {
    const found = seen.get(file.start);
    if (!found || found.name !== file.name) return [notLookedInto(file)];
    return JUDGES[found.state](found, evidence, expectation);
  });
};

const notLookedInto = ({ name }: InnerFile): VerificationReason =>
  makeReason('not-looked-into', name, 'It was not looked into.');

type Judge = (file: InnerEvidence, ...about: Parameters<Rule>) => VerificationReason[];

const JUDGES: Readonly<Record<InnerState, Judge>> = {
  complete: () => [],
  plausible: () => [],
  damaged: ({ name, detail = 'it can not be inflated' }) => [
    makeReason('file-damaged', name, `It is cut or damaged: ${detail}.`),
  ],
  'no-gzip': ({ name, size }) => [
    makeReason('no-gzip', name, `Its first bytes are not those of gzip; it has ${saySize(size)}.`),
  ],
  'other-compression': ({ name, detail }) => [
    makeReason('other-compression', name, `It is compressed by ${detail ?? 'something else'}.`),
  ],
  unfinished: ({ name, tables = 0 }) => [
    makeReason('dump-unfinished', name, `It ends without the last line of pg_dump, after ${tables} tables.`),
  ],
  'not-read': ({ name, size, detail }, _, { acceptUnreadDumps, dumpReadLimit }) => {
    const why = detail ?? `it has ${saySize(size)}, and is read up to ${saySize(dumpReadLimit)}`;
    // What inflates too far is not what the policy accepted.
    const code = acceptUnreadDumps && detail === undefined ? 'dump-not-read-accepted' : 'dump-not-read';
    return [makeReason(code, name, `It was not read to its end: ${why}.`)];
  },
  empty: (file, evidence, expectation) => {
    const { name, size } = file;
    if (isDump(name)) return [makeReason('dump-empty', name, `It holds no table; it has ${saySize(size)}.`)];
    const part = partOfName(name);
    // A Linux package with object storage writes archives of empty folders, and no chart restores them.
    if (part === undefined || !isObjectPart(part) || isLinuxPackage(evidence.information)) return [];
    const source = sourceOf(part, evidence, expectation);
    if (source === 'empty') return [makeReason('bucket-empty', name, 'It holds nothing, as its bucket.')];
    const code = source === 'unknown' ? 'part-unexplained' : 'part-empty';
    return [makeReason(code, name, `It holds no file; it has ${saySize(size)}.`)];
  },
};

/**
 * Each database that must be dumped is: those that were named, and those to which the main dump leads. A decomposed GitLab
 * has one for `ci`, since 17.6 also one for `sec`.
 */
export const expectedDumps: Rule = ({ contents, end, inner }, { databases, skipped }) => {
  const holdsDatabase = contents?.parts.some(({ part }) => part === 'db') === true;
  if (!contents || end?.kind !== 'whole' || !holdsDatabase || skipped.includes('db')) return [];
  const elsewhere = inner.find(({ name }) => name === MAIN_DUMP)?.elsewhere ?? [];
  return [...new Set([...databases, ...elsewhere])].flatMap((database) => {
    const name = database === 'main' ? MAIN_DUMP : `db/${database}_database.sql.gz`;
    if (contents.inner.some((file) => file.name === name)) return [];
    const isTold = elsewhere.includes(database);
    const why = isTold ? `: the main dump locks tables that only a database ${database} is written to` : '';
    return [makeReason('dump-missing', name, `It is not in the archive${why}.`)];
  });
};
