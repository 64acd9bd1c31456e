import type { VaultPlace } from '../../../clients/secret-vault.ts';
import { locateBackup } from '../../../records/configuration/backup-location.ts';
import type { RestoreEnvironment } from './restore-subject.ts';

/** The vault of an environment: the secrets of its sets, and what restores of them have replaced. */
export const locateVault = ({ environment, settings, account, region }: RestoreEnvironment): VaultPlace => {
  const { secrets, archives } = locateBackup(environment, settings, { account, region });
  return {
    environment,
    region: secrets.region,
    secrets: { bucket: secrets.bucket, kmsKey: secrets.key.arn },
    archives: { bucket: archives.bucket, kmsKey: archives.key?.arn },
  };
};

/** Under this name lies what a restore has replaced; no set is called so. */
export const nameReplaced = (run: string): string => `restore-${run}`;
