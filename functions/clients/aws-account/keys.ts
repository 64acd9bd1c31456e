import { DescribeKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import type { IdentityFact } from '../../records/upgrade/aws-facts.ts';
import { AWS_SETTINGS, limitTime, perRegion } from '../aws-clients.ts';
import { explainAwsError } from '../aws-errors.ts';

const useKms = perRegion((region) => new KMSClient({ ...AWS_SETTINGS, region }));

/** States in which a key encrypts and decrypts. Source: KMS developer guide, "Key states of AWS KMS keys". */
const USABLE: readonly string[] = ['Enabled', 'Updating'];

/** DescribeKey: can the key that encrypts Secrets still be used? */
export const readKey = async (region: string, arn: string, signal?: AbortSignal): Promise<IdentityFact> => {
  const fact = (reason: string): IdentityFact => ({ kind: 'key', id: arn, usable: reason === '', reason });
  try {
    const answer = await useKms(region).send(new DescribeKeyCommand({ KeyId: arn }), limitTime(signal));
    const state = answer.KeyMetadata?.KeyState ?? 'unknown';
    return fact(USABLE.includes(state) ? '' : state);
  } catch (error) {
    const where = `key ${arn}`;
    const explained = explainAwsError(error, {
      scope: 'aws',
      service: 'KMS',
      action: 'kms:DescribeKey',
      where,
    });
    if (explained.code === 'aws.missing') return fact('does not exist');
    throw explained;
  }
};
