import { DecryptCommand, GenerateDataKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { type Clock, systemClock } from '../../runtime/clock.ts';
import { RefusedError } from '../../runtime/errors.ts';
import { limitTime, perRegion } from '../aws-clients.ts';
import { explainAwsError } from '../aws-errors.ts';
import { nameOf } from '../aws-failure.ts';
import { openS3, statusOf } from '../s3.ts';
import type { KeyService, OnceStore } from './services.ts';

const useKms = perRegion((region) => new KMSClient({ region }));

/** Source: KMS API reference, `Decrypt`, "Errors": what a wrong context, changed bytes or another key end in. */
const NOT_THIS_ONE = /^(InvalidCiphertext|IncorrectKey)/;
/** Source: KMS developer guide, "Key states of AWS KMS keys". */
const NOT_USABLE = /^(Disabled|KMSInvalidState|KeyUnavailable)/;

/**
 * Data keys under a KMS key.
 *
 * @param key alias or ARN; what was wrapped is unwrapped by the key that its envelope names.
 */
export const openKeyService = (key: string, region: string, kms: KMSClient = useKms(region)): KeyService => ({
  async generate(context, signal) {
    try {
      const input = { KeyId: key, KeySpec: 'AES_256', EncryptionContext: { ...context } } as const;
      const { KeyId, Plaintext, CiphertextBlob } = await kms.send(
        new GenerateDataKeyCommand(input),
        limitTime(signal),
      );
      if (!KeyId || !Plaintext || !CiphertextBlob) throw new Error('KMS gave no data key');
      return { keyArn: KeyId, plaintext: Plaintext, wrapped: CiphertextBlob };
    } catch (error) {
      throw explainKeyError(error, 'kms:GenerateDataKey', key);
    }
  },

  async unwrap(wrapped, keyArn, context, signal) {
    try {
      const input = { KeyId: keyArn, CiphertextBlob: wrapped, EncryptionContext: { ...context } };
      const { Plaintext } = await kms.send(new DecryptCommand(input), limitTime(signal));
      if (!Plaintext) throw new Error('KMS gave no plaintext');
      return Plaintext;
    } catch (error) {
      throw explainKeyError(error, 'kms:Decrypt', keyArn);
    }
  },
});

const explainKeyError = (error: unknown, action: string, key: string): unknown => {
  const name = nameOf(error);
  if (NOT_THIS_ONE.test(name)) {
    const message =
      `KMS key ${key} did not wrap this data key for this environment and set, or its bytes were changed. Take the ` +
      'set whose secrets these are, or an older version of the object.';
    return new RefusedError('vault.wrong-context', message, { cause: error });
  }
  if (NOT_USABLE.test(name)) {
    const message = `KMS key ${key} can not be used (${name}). Enable it, or cancel its deletion: without it the secrets are lost.`;
    return new RefusedError('vault.key-unusable', message, { cause: error });
  }
  return explainAwsError(error, { scope: 'vault', service: 'KMS', action, where: `key ${key}` });
};

/** 409 means that two conditional writes met; S3 says to try again, and the SDK does not. */
const CONFLICT_ATTEMPTS = 6;

/** The bucket of the secrets. Source: S3 user guide, "How to prevent object overwrites with conditional writes". */
export const openOnceStore = (
  bucket: string,
  region: string,
  { s3 = openS3(region), clock = systemClock }: { s3?: S3Client; clock?: Clock } = {},
): OnceStore => {
  const explain = (error: unknown, action: string, key: string): unknown =>
    explainAwsError(error, { scope: 'vault', service: 'S3', action, where: `s3://${bucket}/${key}` });
  return {
    bucket,

    async writeOnce(key, text, signal) {
      const input = {
        Bucket: bucket,
        Key: key,
        Body: text,
        ContentType: 'application/json',
        IfNoneMatch: '*',
      };
      for (let attempt = 1; ; attempt++) {
        try {
          await s3.send(new PutObjectCommand(input), limitTime(signal));
          return 'written';
        } catch (error) {
          const status = statusOf(error);
          if (status === 412) return 'exists';
          if (status !== 409 || attempt === CONFLICT_ATTEMPTS) throw explain(error, 's3:PutObject', key);
          await clock.sleep(Math.random() * 25 * 2 ** attempt);
        }
      }
    },

    async read(key, signal) {
      try {
        const input = { Bucket: bucket, Key: key };
        const { Body } = await s3.send(new GetObjectCommand(input), limitTime(signal));
        return (await Body?.transformToString()) ?? '';
      } catch (error) {
        if (nameOf(error) === 'NoSuchKey') return undefined;
        throw explain(error, 's3:GetObject', key);
      }
    },
  };
};
