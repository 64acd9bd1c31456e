import { parseArchiveName } from '../../../clients/archive/archive-name.ts';
import type { VerificationReason } from '../../../records/backup/verification.ts';
import { INFORMATION_FILE } from '../parts.ts';
import { makeReason, THE_ARCHIVE } from '../reason-kinds.ts';
import { isLinuxPackage, type Rule } from './rule.ts';

/** Its name, its version, and where it comes from. */

/** A community edition has no mark in its version; some tools write one. */
const normalise = (version: string): string => version.replace(/-ce$/, '');

/** It is named as GitLab names archives. */
export const usualName: Rule = ({ object }) => {
  if (!object) return [];
  const name = lastPart(object.key);
  if (parseArchiveName(name)) return [];
  return [makeReason('name-unusual', THE_ARCHIVE, `It is named ${name}.`)];
};

/** Name, information and the GitLab that runs agree on version and edition. */
export const sameVersion: Rule = ({ object, information, end }, { gitlabVersion }) => {
  if (!object) return [];
  const named = parseArchiveName(lastPart(object.key))?.version;
  const written = information?.state === 'read' ? information.information.gitlabVersion : undefined;
  const known = [
    { says: 'its name', version: named },
    { says: 'backup_information.yml', version: written },
  ].flatMap(({ says, version }) => (version === undefined ? [] : [{ says, version: normalise(version) }]));
  if (known.length === 0) {
    return end ? [makeReason('version-unknown', THE_ARCHIVE, 'Nothing says of which version it is.')] : [];
  }
  const reasons: VerificationReason[] = [];
  const [first, second] = known;
  if (first && second && first.version !== second.version) {
    const message = `It is of ${first.version} by ${first.says}, and of ${second.version} by ${second.says}.`;
    reasons.push(makeReason('version-differs', THE_ARCHIVE, message));
  }
  if (gitlabVersion === undefined) {
    const message = `It is of ${known.at(-1)?.version}; whether that version runs was not asked.`;
    return [...reasons, makeReason('version-not-compared', THE_ARCHIVE, message)];
  }
  const running = normalise(gitlabVersion);
  const other = known.find(({ version }) => version !== running);
  if (other) {
    const message = `It is of ${other.version} by ${other.says}, and GitLab ${running} runs.`;
    reasons.push(makeReason('version-differs', THE_ARCHIVE, message));
  }
  return reasons;
};

/** `backup-utility` restores buckets only from what it wrote itself. */
export const restorableHere: Rule = ({ information }) => {
  if (information?.state !== 'read') return [];
  const type = information.information.installationType;
  if (type === undefined) {
    const message =
      'It names no installation type, and a chart restores buckets only where it reads its own.';
    return [makeReason('installation-unknown', INFORMATION_FILE, message)];
  }
  if (!isLinuxPackage(information)) return [];
  const message = `Its installation type is ${type}: a chart restores the database and the repositories of it, no bucket.`;
  return [makeReason('linux-package', THE_ARCHIVE, message)];
};

const lastPart = (key: string): string => key.slice(key.lastIndexOf('/') + 1);
