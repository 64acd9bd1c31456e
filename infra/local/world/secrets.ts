import { randomBytes } from 'node:crypto';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { LocalAws } from '../aws/start-aws.ts';
import { SECRETS } from './configuration.ts';

/** The secrets of one run: new each time, and canaries for the test that looks for them everywhere. */
export interface WorldSecrets {
  readonly registryHook: string;
  readonly pipelines: string;
  readonly registry: { readonly username: string; readonly password: string };
  readonly gitlab: string;
}

/** Makes the secrets of one run; the registry's own credentials are fixed, since its password file is. */
export const makeSecrets = (registry: WorldSecrets['registry']): WorldSecrets => ({
  registryHook: randomBytes(24).toString('hex'),
  // Standard Webhooks: "whsec_" and 24 to 64 bytes in base64.
  pipelines: `whsec_${randomBytes(32).toString('base64')}`,
  registry,
  gitlab: `glpat-${randomBytes(15).toString('base64url')}`,
});

/** Puts them where drydock.yaml says they are. */
export const storeSecrets = async (aws: LocalAws, secrets: WorldSecrets): Promise<void> => {
  const client = new SecretsManagerClient({
    endpoint: aws.url,
    region: aws.region,
    credentials: aws.credentials,
  });
  const values = {
    [SECRETS.registryHook]: secrets.registryHook,
    [SECRETS.pipelines]: secrets.pipelines,
    [SECRETS.registry]: JSON.stringify(secrets.registry),
    [SECRETS.gitlab]: secrets.gitlab,
  };
  for (const [Name, SecretString] of Object.entries(values)) {
    await client.send(new CreateSecretCommand({ Name, SecretString }));
  }
};
