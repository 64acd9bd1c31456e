import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
  SecretsManagerServiceException,
} from '@aws-sdk/client-secrets-manager';
import * as z from 'zod';
import { RefusedError, TransientError } from '../runtime/errors.ts';

/** One client a region; under '' that of the environment, which is where a Lambda runs. */
const clients = new Map<string, SecretsManagerClient>();

/** Milliseconds a secret is kept: a rotation acts within a minute and needs no deploy. */
const CACHE_MS = 60_000;

const cache = new Map<string, { value: string; until: number }>();

/**
 * Reads a secret by name or ARN, from a short cache.
 *
 * @param region where it lies; in a Lambda the region of that Lambda.
 * @throws RefusedError `secret.missing`, `secret.forbidden` naming the secret and never its value.
 * @throws TransientError `secret.unavailable` when Secrets Manager does not answer.
 */
export const readSecret = async (reference: string, region = ''): Promise<string> => {
  const key = `${region}/${reference}`;
  const kept = cache.get(key);
  if (kept && Date.now() < kept.until) return kept.value;
  const client = clients.get(region) ?? new SecretsManagerClient(region === '' ? {} : { region });
  clients.set(region, client);
  try {
    const answer = await client.send(new GetSecretValueCommand({ SecretId: reference }));
    const value = answer.SecretString ?? '';
    cache.set(key, { value, until: Date.now() + CACHE_MS });
    return value;
  } catch (error) {
    throw toOurError(error, reference);
  }
};

const Credentials = z.object({ username: z.string().min(1), password: z.string().min(1) });
export type Credentials = z.output<typeof Credentials>;

/**
 * Reads a registry's credentials, a secret of the form `{"username": ..., "password": ...}`.
 *
 * @throws RefusedError `secret.malformed` when it has another form.
 */
export const readCredentials = async (reference: string): Promise<Credentials> =>
  parseCredentials(reference, await readSecret(reference));

/** @throws RefusedError `secret.malformed` when the value has another form. */
export const parseCredentials = (reference: string, value: string): Credentials => {
  const parsed = Credentials.safeParse(parseJson(value));
  if (parsed.success) return parsed.data;
  throw new RefusedError(
    'secret.malformed',
    `The secret ${reference} is not of the form {"username": "...", "password": "..."}; write it anew with ` +
      `\`aws secretsmanager put-secret-value --secret-id ${reference} --secret-string file://credentials.json\`.`,
  );
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const toOurError = (error: unknown, reference: string): Error => {
  if (error instanceof ResourceNotFoundException) {
    return new RefusedError(
      'secret.missing',
      `There is no secret ${reference} in this account and region; create it, or correct drydock.yaml.`,
      { cause: error },
    );
  }
  if (error instanceof SecretsManagerServiceException && error.name === 'AccessDeniedException') {
    return new RefusedError(
      'secret.forbidden',
      `This function may not read the secret ${reference}; deploy again, and check the secret's own policy and key.`,
      { cause: error },
    );
  }
  return new TransientError('secret.unavailable', `Secrets Manager did not answer for ${reference}.`, {
    cause: error,
  });
};
