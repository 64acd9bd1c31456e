import { createHmac } from 'node:crypto';
import type { SecretFingerprint, SecretFingerprints } from '../../records/backup/secret-fingerprints.ts';
import { DefectError } from '../../runtime/errors.ts';
import { findRailsKey, RAILS_SECRET, SECRETS_FILE } from './rails-keys.ts';
import { readRailsSecret } from './rails-secret.ts';
import type { SecretContent, SecretNeed } from './secret-need.ts';

/**
 * Fingerprints of secrets, by which a restore proves a match before it wipes anything.
 *
 * The keys of Rails are random and long: any digest of them would be safe to show. Passwords of a database, of SMTP and
 * LDAP, and the `.s3cfg` are not: people choose them, and whoever reads the manifest could try a list of usual ones
 * against a digest, and against a salted one too, since the salt has to lie beside it. So all are made by HMAC-SHA-256
 * under a key of 32 random bytes that each environment has for itself and that only KMS opens
 * (clients/secret-vault/fingerprint-key.ts): without the right to `kms:Decrypt` nobody can test a guess. A key for
 * each environment rather than each set lets two sets be compared, before and after an upgrade. Each value is digested
 * together with what it is, so that one password used twice does not show.
 *
 * Source: RFC 2104; NIST SP 800-107, section 5.3.
 */

/** Bytes of the key: as many as the digest has, RFC 2104 section 3. */
const FINGERPRINT_KEY_BYTES = 32;

const SCHEME = 'drydock/secret-fingerprint/1';

/** Tells keys apart without telling them. */
export const keyIdOf = (key: Uint8Array): string =>
  createHmac('sha256', key).update('drydock/fingerprint-key/1').digest('hex').slice(0, 16);

/**
 * Makes the fingerprints of all secrets of a set.
 *
 * @param key of the environment, 32 bytes.
 * @param contents by name; one that is not in it counts as unreadable.
 * @throws DefectError `fingerprint.key` for a key of another length.
 */
export const fingerprintSecrets = (
  { environment, takenAt, key }: { environment: string; takenAt: Date; key: Uint8Array },
  needs: readonly SecretNeed[],
  contents: ReadonlyMap<string, SecretContent>,
): SecretFingerprints => {
  if (key.length !== FINGERPRINT_KEY_BYTES) {
    throw new DefectError('fingerprint.key', `A fingerprint key has ${FINGERPRINT_KEY_BYTES} bytes.`);
  }
  return {
    version: 1,
    environment,
    keyId: keyIdOf(key),
    takenAt: takenAt.toISOString(),
    secrets: needs.map((need) => fingerprintOne(key, need, contents.get(need.name))),
  };
};

const fingerprintOne = (
  key: Uint8Array,
  { id, name, need, purpose }: SecretNeed,
  content: SecretContent | undefined,
): SecretFingerprint => {
  const row = { id, name, need, purpose };
  if (content === undefined || content.state !== 'read') {
    return { ...row, state: content?.state ?? 'unreadable', keys: {} };
  }
  const keys = id === RAILS_SECRET ? digestRails(key, content.data) : digestData(key, id, content.data);
  return keys ? { ...row, state: 'read', keys } : { ...row, state: 'unreadable', keys: {} };
};

type Digests = SecretFingerprint['keys'];

const digestData = (key: Uint8Array, id: string, data: Readonly<Record<string, Uint8Array>>): Digests =>
  Object.fromEntries(Object.entries(data).map(([name, value]) => [name, digest(key, [id, name], value)]));

/** Undefined when the file can not be read: a digest of broken YAML would match and open nothing. */
const digestRails = (key: Uint8Array, data: Readonly<Record<string, Uint8Array>>): Digests | undefined => {
  const read = readRailsSecret(data);
  if (!read.ok) return undefined;
  const { [SECRETS_FILE]: _file, ...others } = data;
  const digests = new Map<string, Digests[string]>(Object.entries(digestData(key, RAILS_SECRET, others)));
  for (const [name, value] of read.keys) {
    const known = findRailsKey(name);
    const label = known ? name : `other-${digest(key, [RAILS_SECRET, 'name'], name).slice(0, 8)}`;
    const one = (text: string) => digest(key, [RAILS_SECRET, SECRETS_FILE, name], tidy(text, known?.shape));
    const isList = known?.shape === 'list' || typeof value !== 'string';
    digests.set(label, isList ? [value].flat().map(one) : one(value));
  }
  return Object.fromEntries(digests);
};

/** How a PEM ends, and by which line breaks, is of the file and not of the key. */
const tidy = (text: string, shape: string | undefined): string =>
  shape === 'pem' ? text.replaceAll('\r\n', '\n').trim() : text;

/** Each part is preceded by its length, so that no two lists of parts read the same. */
const digest = (key: Uint8Array, labels: readonly string[], value: string | Uint8Array): string => {
  const hmac = createHmac('sha256', key);
  for (const part of [SCHEME, ...labels, value]) {
    const bytes = typeof part === 'string' ? Buffer.from(part, 'utf8') : part;
    hmac.update(`${bytes.length}:`).update(bytes);
  }
  return hmac.digest('hex');
};
