import { contentsFold } from '../../../functions/backup/verify/contents.ts';
import type { Evidence } from '../../../functions/backup/verify/evidence.ts';
import { Expectation } from '../../../functions/backup/verify/expectation.ts';
import { INFORMATION_FILE, OBJECT_PARTS } from '../../../functions/backup/verify/parts.ts';
import type {
  VerificationReason,
  VerificationVerdict,
} from '../../../functions/records/backup/verification.ts';
import { BACKUP_ID } from './gitlab-archive.ts';
import { describedObject } from './memory-store.ts';

/** Evidence of an archive against which nothing speaks, and what must be so of it. */

export const RANK: Readonly<Record<VerificationReason['result'] | VerificationVerdict, number>> = {
  corrupt: 3,
  incomplete: 2,
  'not-checked': 1,
  note: 0,
  verified: 0,
};

const REPOSITORY = '@hashed/6b/86/6b86b273.git';
const MB = 1_000_000;

const NAMES = [
  INFORMATION_FILE,
  'db/database.sql.gz',
  `repositories/manifests/default/${REPOSITORY}/${BACKUP_ID}.toml`,
  `repositories/default/${REPOSITORY}/${BACKUP_ID}/001.bundle`,
  ...OBJECT_PARTS.map((part) => `${part}.tar.gz`),
];

/** Contents with these members, 10 MB each. */
export const contentsOf = (names: readonly string[]) =>
  names
    .map((name, index) => ({
      name,
      size: 10 * MB,
      type: 'file' as const,
      start: index * 20 * MB,
      body: index * 20 * MB + 512,
      next: (index + 1) * 20 * MB,
    }))
    .reduce((contents, member) => contentsFold.add(contents, member), contentsFold.initial());

/** Files that were looked into and found right. */
export const innerOf = ({ contents }: Pick<Evidence, 'contents'>): Evidence['inner'] =>
  (contents?.inner ?? [])
    .filter(({ name }) => name !== INFORMATION_FILE)
    .map((file) => ({ ...file, state: file.name.startsWith('db/') ? 'complete' : 'plausible' }));

/** With these names more, or without those that begin so; what was found in a file stays found. */
export const withNames = (evidence: Evidence, more: readonly string[], without?: string): Evidence => {
  const names = NAMES.filter((name) => without === undefined || !name.startsWith(without));
  const contents = contentsOf([...names, ...more]);
  const states = new Map(evidence.inner.map(({ name, state }) => [name, state]));
  const inner = innerOf({ contents }).map((file) => ({
    ...file,
    state: states.get(file.name) ?? file.state,
  }));
  return { ...evidence, contents, inner };
};

export const soundEvidence = (): Evidence => {
  const contents = contentsOf(NAMES);
  return {
    object: describedObject(300 * MB),
    end: { kind: 'whole', at: 299 * MB },
    contents,
    information: {
      state: 'read',
      information: {
        gitlabVersion: '18.10.0-ee',
        installationType: 'gitlab-helm-chart',
        skipped: ['builds'],
        storages: [],
        repositoriesServerSide: false,
      },
    },
    inner: innerOf({ contents }),
  };
};

export const soundExpectation = (): Expectation =>
  Expectation.parse({
    gitlabVersion: '18.10.0-ee',
    projects: 1,
    startedAt: '2025-11-21T02:00:05.000Z',
    sources: { uploads: 'holds-objects' },
  });
