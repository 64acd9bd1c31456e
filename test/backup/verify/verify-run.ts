import type { ExpectationInput } from '../../../functions/backup/verify/expectation.ts';
import { type VerifyRequest, verifyArchive } from '../../../functions/backup/verify/verify-archive.ts';
import type { ArchiveStore } from '../../../functions/clients/archive-store.ts';
import type { Verification } from '../../../functions/records/backup/verification.ts';
import { createFixedClock } from '../../support/fixed-clock.ts';
import { ARCHIVE_NAME, type Files, packTar } from './gitlab-archive.ts';
import { memoryStore } from './memory-store.ts';

/** Verifications of archives in memory. */

/** What must be so of the archives of `gitlab-archive.ts`. */
export const EXPECTED: ExpectationInput = { gitlabVersion: '18.10.0-ee', projects: 1 };

export const verify = async (
  store: ArchiveStore,
  request: Partial<VerifyRequest> = {},
): Promise<Verification> => {
  const outcome = await verifyArchive(
    { bucket: 'backups', key: ARCHIVE_NAME, expectation: EXPECTED, ...request },
    { store, clock: createFixedClock('2025-11-21T03:00:00.000Z') },
  );
  if (outcome.state !== 'done') throw new Error('The verification did not come to its end.');
  return outcome.verification;
};

export const verifyFiles = async (
  files: Files,
  expectation: ExpectationInput = EXPECTED,
): Promise<Verification> => verify(memoryStore(await packTar(files)), { expectation });

/** Code and subject of each reason. */
export const saysOf = ({ reasons }: Verification): string[] =>
  reasons.map(({ code, subject }) => `${code} ${subject}`);
