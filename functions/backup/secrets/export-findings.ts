import type { SecretFingerprints } from '../../records/backup/secret-fingerprints.ts';
import { compareSecrets } from './comparison.ts';
import { sortSecrets } from './presence.ts';
import { RAILS_SECRET } from './rails-keys.ts';
import { readRailsSecret } from './rails-secret.ts';
import type { SecretContent, SecretNeed } from './secret-need.ts';

/** What a person has to know of the secrets of a set. Names, and never values. */
interface ExportFindings {
  /** Names of secrets without which no GitLab can be restored. */
  readonly missing: readonly string[];
  readonly warnings: readonly string[];
}

/** Judges what was read. @param contents by name. */
export const judgeExport = (
  needs: readonly SecretNeed[],
  contents: ReadonlyMap<string, SecretContent>,
): ExportFindings => {
  const required = new Set(needs.filter(({ need }) => need === 'required').map(({ name }) => name));
  const { findings } = sortSecrets(needs, contents);
  const rails = judgeRails(needs, contents);
  const told = findings.filter(({ result }) => result !== 'note');
  const missing = told.filter(({ secret }) => required.has(secret)).map(({ secret }) => secret);
  return {
    missing: [...new Set([...missing, ...rails.missing])],
    warnings: [...told.map(({ message, remedy }) => `${message} ${remedy}`), ...rails.warnings],
  };
};

/** Of its keys each counts by itself; a file that can not be read opens nothing. */
const judgeRails = (
  needs: readonly SecretNeed[],
  contents: ReadonlyMap<string, SecretContent>,
): ExportFindings => {
  const name = needs.find(({ id }) => id === RAILS_SECRET)?.name;
  const content = name === undefined ? undefined : contents.get(name);
  if (name === undefined || content?.state !== 'read') return { missing: [], warnings: [] };
  const read = readRailsSecret(content.data);
  const warnings = read.findings.map(({ message }) => `Secret ${name}: ${message}`);
  return { missing: read.ok ? [] : [name], warnings };
};

/**
 * What changed against the last set that is known to be good: what that one encrypted can be read by its own secrets
 * alone.
 *
 * @param earlier id and fingerprints of that set.
 */
export const describeChanges = (
  earlier: { readonly id: string; readonly fingerprints: SecretFingerprints },
  current: SecretFingerprints,
): string[] => {
  // Of another key nothing can be compared, and nothing has changed by that.
  if (earlier.fingerprints.keyId !== current.keyId) {
    return [
      `The secrets of set ${earlier.id} can not be compared: its fingerprints were made under another key.`,
    ];
  }
  const saved = earlier.fingerprints.secrets.filter(({ state }) => state === 'read');
  const { secrets } = compareSecrets({ ...earlier.fingerprints, secrets: saved }, current);
  return secrets
    .filter(({ state }) => state === 'differs' || state === 'missing')
    .map(({ message }) => `Since set ${earlier.id}: ${message}`);
};
