import { SecretExport } from '../records/backup/secret-export.ts';
import { RefusedError } from '../runtime/errors.ts';
import { openKeyService, openOnceStore } from './secret-vault/aws-services.ts';
import { seal, unseal } from './secret-vault/envelope.ts';
import { readFingerprintKey } from './secret-vault/fingerprint-key.ts';
import type { KeyService, OnceStore } from './secret-vault/services.ts';

/** Where an export lies; part of the set's manifest. */
export interface WrittenExport {
  readonly bucket: string;
  readonly key: string;
  /** KMS key under which it is encrypted. */
  readonly keyArn: string;
}

/**
 * The secrets of one environment's sets: each export is one document, encrypted before S3 sees it, under a KMS data key
 * that is bound to environment and set. What KMS and S3 refuse is a RefusedError `vault.forbidden`, `vault.missing`,
 * `vault.refused`, `vault.no-credentials` or `vault.key-unusable`; what may pass is a TransientError
 * `vault.unreachable` or `vault.throttled`. No error holds a value.
 */
export interface SecretVault {
  /**
   * Writes the export of a set, once: written again with the same content it stays what it is.
   *
   * @throws RefusedError `vault.exists` when the set has an export of another content, `vault.same-key`.
   */
  write(document: SecretExport, signal?: AbortSignal): Promise<WrittenExport>;
  /**
   * Reads the export of a set back.
   *
   * @throws RefusedError `vault.absent`, `vault.wrong-context`, `vault.tampered`, `vault.unreadable`.
   */
  read(set: string, signal?: AbortSignal): Promise<SecretExport>;
  /** The key under which this environment's fingerprints are made, 32 bytes; made at its first use. */
  readFingerprintKey(signal?: AbortSignal): Promise<Uint8Array>;
}

/** Where the secrets go, and where the archives are, which must be elsewhere. */
export interface VaultPlace {
  readonly environment: string;
  readonly region: string;
  readonly secrets: { readonly bucket: string; readonly kmsKey: string };
  readonly archives: { readonly bucket: string; readonly kmsKey?: string | undefined };
}

/**
 * Opens the vault of an environment.
 *
 * @throws RefusedError `vault.same-bucket`, `vault.same-key` when secrets and archives would lie together: whoever
 * steals one would have both.
 */
export const connectSecretVault = (place: VaultPlace): SecretVault =>
  openSecretVault(place, {
    keys: openKeyService(place.secrets.kmsKey, place.region),
    store: openOnceStore(place.secrets.bucket, place.region),
  });

/** The same over other services. */
export const openSecretVault = (
  { environment, secrets, archives }: Omit<VaultPlace, 'region'>,
  services: { readonly keys: KeyService; readonly store: OnceStore },
): SecretVault => {
  const { keys, store } = services;
  if (secrets.bucket === archives.bucket) {
    const message = `Secrets and archives would both lie in ${secrets.bucket}; give the secrets a bucket of their own.`;
    throw new RefusedError('vault.same-bucket', message);
  }
  const refuseKey = (key: string): void => {
    if (key !== archives.kmsKey) return;
    const message = `Secrets and archives would both be encrypted by ${key}; give the secrets a key of their own.`;
    throw new RefusedError('vault.same-key', message);
  };
  refuseKey(secrets.kmsKey);

  const contextOf = (set: string) => ({ environment, set });
  const keyOf = (set: string): string => `${environment}/sets/${set}/secrets.json`;

  const read = async (set: string, signal?: AbortSignal): Promise<FoundExport | undefined> => {
    const where = `s3://${store.bucket}/${keyOf(set)}`;
    const envelope = await store.read(keyOf(set), signal);
    if (envelope === undefined) return undefined;
    const { text, keyArn } = await unseal(keys, contextOf(set), envelope, where, signal);
    const document = SecretExport.safeParse(parseJson(text)).data;
    if (document?.set === set && document.environment === environment) return { document, keyArn };
    // What zod or JSON say may quote a value.
    throw new RefusedError('vault.unreadable', `${where} holds no export of secrets of this set.`);
  };

  return {
    async write(document, signal) {
      const { set } = document;
      if (document.environment !== environment) {
        const message = `These are secrets of ${document.environment}, and this is the vault of ${environment}.`;
        throw new RefusedError('vault.wrong-context', message);
      }
      const place = { bucket: store.bucket, key: keyOf(set) };
      const { envelope, keyArn } = await seal(keys, contextOf(set), JSON.stringify(document), signal);
      // An alias says too little: two may lead to one key.
      refuseKey(keyArn);
      if ((await store.writeOnce(place.key, envelope, signal)) === 'written') return { ...place, keyArn };
      const before = await read(set, signal);
      if (before !== undefined && isSameContent(before.document, document)) {
        return { ...place, keyArn: before.keyArn };
      }
      throw new RefusedError(
        'vault.exists',
        `Set ${set} has an export of other secrets already; an export is never changed. Save them under a new set.`,
      );
    },

    async read(set, signal) {
      const found = await read(set, signal);
      if (found) return found.document;
      const message = `There is no export of secrets for set ${set} at s3://${store.bucket}/${keyOf(set)}.`;
      throw new RefusedError('vault.absent', `${message} Look at older versions of this object.`);
    },

    readFingerprintKey: (signal) => readFingerprintKey(environment, services, signal),
  };
};

interface FoundExport {
  readonly document: SecretExport;
  readonly keyArn: string;
}

/** When it was taken differs between two attempts of one step. */
const isSameContent = (one: SecretExport, other: SecretExport): boolean =>
  JSON.stringify(canonical(one)) === JSON.stringify(canonical(other));

const canonical = ({ secrets, helmValues }: SecretExport) => ({
  helmValues,
  secrets: secrets
    .map(({ data, ...secret }) => ({ ...secret, data: Object.entries(data).toSorted(byName) }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
});

const byName = ([a]: [string, string], [b]: [string, string]): number => (a < b ? -1 : 1);

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
