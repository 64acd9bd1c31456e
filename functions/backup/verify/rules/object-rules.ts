import type { VerificationReason } from '../../../records/backup/verification.ts';
import { makeReason, type ReasonCode, THE_ARCHIVE } from '../reason-kinds.ts';
import { type Rule, saySize } from './rule.ts';

/** The object as S3 describes it, before any byte of it is read. */

/** Clocks of the cluster and of S3 may differ by so much. */
const CLOCK_SKEW_MS = 60_000;
/** Less than this share of the usual size is a sudden loss; more than that many times, a sudden growth. */
export const SHRUNK = 0.5;
const GROWN = 3;
/** Parts below this vary by chance. */
export const SMALL_PART = 1024 * 1024;

const OBSTACLES: Readonly<Record<string, ReasonCode>> = {
  absent: 'object-absent',
  forbidden: 'not-readable',
  refused: 'not-readable',
  archived: 'storage-archived',
  changed: 'changed-while-read',
  unanswered: 'not-answered',
};

/** It is there, and was given to us. */
export const readableObject: Rule = ({ object, obstacle }) => {
  if (obstacle) {
    const { kind, message, permission } = obstacle;
    const remedy = permission === undefined ? undefined : `Give ${permission} to whoever verifies.`;
    return [makeReason(OBSTACLES[kind] ?? 'not-readable', THE_ARCHIVE, message, remedy)];
  }
  return object ? [] : [makeReason('not-readable', THE_ARCHIVE, 'The object was not looked at.')];
};

/** A restore asks for it by its name, and so takes the version that lies there then. */
export const stillCurrent: Rule = ({ object, current }) => {
  if (!object || current === undefined || current === 'same') return [];
  const now = current === 'deleted' ? 'was deleted' : 'was overwritten';
  const message = `${object.key} ${now} since; what was read is its version ${object.versionId ?? object.etag}.`;
  return [makeReason('not-current', THE_ARCHIVE, message)];
};

/** It was written by the backup that it is taken for. S3 dates a multipart upload by its beginning. */
export const newEnough: Rule = ({ object }, { startedAt }) => {
  if (!object || startedAt === undefined) return [];
  const age = Date.parse(startedAt) - Date.parse(object.lastModified);
  if (age <= CLOCK_SKEW_MS) return [];
  const message = `It was written at ${object.lastModified}, and the backup began at ${startedAt}.`;
  return [makeReason('older-than-run', THE_ARCHIVE, message)];
};

/** It is about as large as those before it, and so is each part: a lost bucket hides behind a grown one. */
export const usualSize: Rule = ({ object, contents, end }, { earlier }) => {
  if (!object || earlier === undefined) return [];
  if (earlier.length === 0) {
    return [makeReason('no-history', THE_ARCHIVE, 'There is no earlier archive to compare it with.')];
  }
  const whole = compareSize(THE_ARCHIVE, object.size, median(earlier.map(({ size }) => size)));
  if (!contents || end?.kind !== 'whole') return whole;
  const names = new Set(earlier.flatMap(({ parts }) => parts.map(({ part }) => part)));
  const parts = [...names].sort().flatMap((name) => {
    const bytesIn = (all: readonly { part: string; bytes: number }[]): number =>
      all.find(({ part }) => part === name)?.bytes ?? 0;
    const usual = median(earlier.map((archive) => bytesIn(archive.parts)));
    const now = bytesIn(contents.parts);
    // That it is not there at all is for others to say.
    return now === 0 || usual < SMALL_PART ? [] : compareSize(name, now, usual);
  });
  return [...whole, ...parts];
};

/** Says a sudden loss or growth. @param usual bytes that it used to have. */
export const compareSize = (subject: string, size: number, usual: number): VerificationReason[] => {
  const message = `It has ${saySize(size)}; the ones before it had about ${saySize(usual)}.`;
  if (size < usual * SHRUNK) return [makeReason('size-shrank', subject, message)];
  return size > usual * GROWN ? [makeReason('size-grew', subject, message)] : [];
};

/** Of an even number the smaller of the two in the middle. */
export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? 0;

/** S3 still has the checksum of it that was noted. */
export const sameChecksum: Rule = ({ object }, { checksum: noted }) => {
  if (!object) return [];
  const { checksum } = object;
  if (noted === undefined) {
    const message = 'S3 keeps no checksum of it, so it can not be compared with a later look or a copy.';
    return checksum ? [] : [makeReason('no-checksum', THE_ARCHIVE, message)];
  }
  const isComparable = checksum?.algorithm === noted.algorithm && checksum.type === noted.type;
  if (!checksum || !isComparable) {
    const message = `Its ${noted.algorithm} was noted, and S3 ${checksum ? `has its ${checksum.algorithm}` : 'has none'} now.`;
    return [makeReason('checksum-gone', THE_ARCHIVE, message)];
  }
  if (checksum.value === noted.value) return [];
  const message = `Its ${noted.algorithm} was ${noted.value}, and is ${checksum.value} now.`;
  return [makeReason('checksum-differs', THE_ARCHIVE, message)];
};
