import type { Evidence } from '../../../functions/backup/verify/evidence.ts';
import type { EarlierArchive, Expectation } from '../../../functions/backup/verify/expectation.ts';
import type { InnerState } from '../../../functions/backup/verify/inner-evidence.ts';
import type {
  ArchiveDump,
  BackupInformation,
  VerificationVerdict,
} from '../../../functions/records/backup/verification.ts';
import { withNames } from './evidence-builder.ts';
import { ARCHIVE_NAME } from './gitlab-archive.ts';
import { describedObject } from './memory-store.ts';

/** Ways to change what is known of an archive, for the cases of its judgement. */

export type Change = (evidence: Evidence, expectation: Expectation) => [Evidence, Expectation];

export const seen =
  (more: Partial<Evidence>): Change =>
  (evidence, expectation) => [{ ...evidence, ...more }, expectation];
export const asked =
  (more: Partial<Expectation>): Change =>
  (evidence, expectation) => [evidence, { ...expectation, ...more }];
export const both =
  (...changes: readonly Change[]): Change =>
  (evidence, expectation) =>
    changes.reduce<[Evidence, Expectation]>(([e, x], change) => change(e, x), [evidence, expectation]);
export const names =
  (more: readonly string[], without?: string): Change =>
  (evidence, expectation) => [withNames(evidence, more, without), expectation];
export const told =
  (more: Partial<BackupInformation>): Change =>
  (evidence, expectation) => {
    if (evidence.information?.state !== 'read') return [evidence, expectation];
    const information = { ...evidence.information.information, ...more };
    return [{ ...evidence, information: { state: 'read', information } }, expectation];
  };
export const object =
  (more: Parameters<typeof describedObject>[1]): Change =>
  (evidence, expectation) => [
    { ...evidence, object: { ...(evidence.object ?? describedObject(1)), ...more } },
    expectation,
  ];
export const inner =
  (name: string, state: InnerState, more: Partial<Evidence['inner'][number]> = {}): Change =>
  (evidence, expectation) => [
    {
      ...evidence,
      inner: evidence.inner.map((file) => (file.name === name ? { ...file, state, ...more } : file)),
    },
    expectation,
  ];
/** Below a first name there are so many bytes. */
export const partOf =
  (name: string, bytes: number): Change =>
  (evidence, expectation) => {
    const { contents } = evidence;
    if (!contents) return [evidence, expectation];
    const parts = contents.parts.map((one) => (one.part === name ? { ...one, bytes } : one));
    return [{ ...evidence, contents: { ...contents, parts } }, expectation];
  };
/** A file lies in it, and is one more than are looked into. */
export const leftOut =
  (name: string): Change =>
  (evidence, expectation) => {
    const isOther = (file: { readonly name: string }): boolean => file.name !== name;
    const { contents, inner: files } = evidence;
    if (!contents) return [evidence, expectation];
    const less = { ...contents, inner: contents.inner.filter(isOther), innerLeftOut: 1 };
    return [{ ...evidence, contents: less, inner: files.filter(isOther) }, expectation];
  };
export const log = (...findings: NonNullable<Evidence['log']>['findings']): Change =>
  seen({ log: { done: `s3://backups/${ARCHIVE_NAME}`, findings, more: 0, emptyParts: [] } });

export const checksum = (value: string) => ({ algorithm: 'CRC64NVME', value, type: 'full-object' as const });
export const earlier = (size: number, bytes = 10_000_000) => [
  { size, parts: [{ part: 'uploads.tar.gz', members: 1, bytes }] },
];
/** Three archives of the usual size with these dumps, 10 MB each where nothing else is said. */
export const earlierDumps = (...dumps: readonly Partial<ArchiveDump>[]): EarlierArchive[] =>
  Array.from({ length: 3 }, () => ({
    size: 300_000_000,
    parts: [],
    dumps: dumps.map((dump) => ({ name: 'db/database.sql.gz', size: 10_000_000, ...dump })),
  }));
/** The main dump was read to its end, and tells of so many projects, all of them with commits unless said. */
export const dumped =
  (all: number, { withCommits = all, leaving = 0 } = {}): Change =>
  (evidence, expectation) => [
    {
      ...evidence,
      inner: evidence.inner.map((file) =>
        file.name === 'db/database.sql.gz' ? { ...file, projects: { all, withCommits, leaving } } : file,
      ),
    },
    { ...expectation, projects: undefined },
  ];
/** The main dump was read to its end, and locks tables of these databases. */
export const leads =
  (...elsewhere: readonly string[]): Change =>
  (evidence, expectation) => [
    {
      ...evidence,
      inner: evidence.inner.map((file) =>
        file.name === 'db/database.sql.gz' ? { ...file, elsewhere: [...elsewhere] } : file,
      ),
    },
    expectation,
  ];
/** The log came to its end, and says that so many repositories were written. */
export const written = (projects: number, besides = 0): Change =>
  seen({
    log: {
      done: `s3://backups/${ARCHIVE_NAME}`,
      findings: [],
      more: 0,
      emptyParts: [],
      repositories: { projects, besides },
    },
  });
/** The main dump was read to its end, and has so many tables. */
export const tables =
  (count: number): Change =>
  (evidence, expectation) => [
    {
      ...evidence,
      inner: evidence.inner.map((file) =>
        file.name === 'db/database.sql.gz' ? { ...file, tables: count } : file,
      ),
    },
    expectation,
  ];
export const cut = {
  kind: 'cut',
  at: 5,
  reason: 'no-end-marker',
  message: 'the archive just stops',
} as const;

/** Title, change, verdict, every reason, and for what adds to the evidence against it, the place it stands in. */
export type Row = readonly [string, Change, VerificationVerdict, string, string?];
