/** What the vault needs of KMS and S3, and nothing else of them. */

/** What a data key is made for. KMS binds it to the key, writes it into CloudTrail, and asks for it again. */
export type EncryptionContext = Readonly<Record<string, string>>;

export interface DataKey {
  /** ARN of the KMS key that it is wrapped under. */
  readonly keyArn: string;
  /** 32 bytes; wiped after use. */
  readonly plaintext: Uint8Array;
  readonly wrapped: Uint8Array;
}

/** Data keys of one KMS key. Errors are ours, `vault.*`. */
export interface KeyService {
  generate(context: EncryptionContext, signal?: AbortSignal): Promise<DataKey>;
  /** @throws RefusedError `vault.wrong-context` when the key was wrapped for something else, or its bytes were changed. */
  unwrap(
    wrapped: Uint8Array,
    keyArn: string,
    context: EncryptionContext,
    signal?: AbortSignal,
  ): Promise<Uint8Array>;
}

/** Texts that are written once and never changed. Errors are ours, `vault.*`. */
export interface OnceStore {
  readonly bucket: string;
  writeOnce(key: string, text: string, signal?: AbortSignal): Promise<'written' | 'exists'>;
  /** Undefined when there is none. */
  read(key: string, signal?: AbortSignal): Promise<string | undefined>;
}
