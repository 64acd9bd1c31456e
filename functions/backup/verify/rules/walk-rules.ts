import { INFORMATION_FILE } from '../parts.ts';
import { makeReason, type ReasonCode, THE_ARCHIVE } from '../reason-kinds.ts';
import type { Rule } from './rule.ts';
import { saySize } from './rule.ts';

/** The chain of headers, and the file that describes the backup. */

const ENDS: Readonly<Record<string, ReasonCode>> = {
  cut: 'cut',
  damaged: 'damaged',
  'no-tar': 'no-archive',
  unreadable: 'not-walked',
};

/** Every header from the first byte to the end marker. */
export const wholeChain: Rule = ({ end, contents, obstacle }) => {
  if (!end || !contents) {
    // Why it was not walked is said already.
    if (obstacle) return [];
    return [makeReason('not-walked', THE_ARCHIVE, 'Its headers were not read to the end.')];
  }
  if (end.kind === 'whole') return [];
  const message = `At byte ${end.at} (${saySize(end.at)} into it): ${end.message}.`;
  return [makeReason(ENDS[end.kind] ?? 'not-walked', THE_ARCHIVE, message)];
};

/** What describes the backup is there and can be read. */
export const readableInformation: Rule = ({ information, end, contents }) => {
  if (information?.state === 'read') return [];
  if (information?.state === 'unreadable') {
    const message = `It can not be read: ${information.mistake}.`;
    return [makeReason('information-unreadable', INFORMATION_FILE, message)];
  }
  if (information?.state === 'too-large') {
    const message = `It has ${saySize(information.size)}.`;
    return [makeReason('information-not-read', INFORMATION_FILE, message)];
  }
  // What was not found may lie where the archive could not be read.
  if (end?.kind !== 'whole' || !contents) return [];
  return contents.inner.some(({ name }) => name === INFORMATION_FILE)
    ? [makeReason('not-looked-into', INFORMATION_FILE, 'It was not read.')]
    : [makeReason('information-missing', INFORMATION_FILE, 'It is not in the archive.')];
};
