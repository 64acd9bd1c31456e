import {
  decryptAttribute,
  decryptDocument,
  decryptOtpSecret,
  EncryptedDocument,
} from '../../../gitlab-release/encrypted-columns.ts';
import { readSecretsFile } from '../../../gitlab-release/rails-secret.ts';
import { askDatabase } from '../ask-database.ts';
import type { Surroundings } from '../surroundings.ts';

/**
 * Decrypts every encrypted column with the keys of the cluster, as `gitlab:doctor:secrets` does, and counts the rows
 * that it can not. That task ends with 0 whatever it finds; its last line tells.
 */
export const examineSecrets = async (around: Surroundings): Promise<void> => {
  const keys = readSecretsFile(await around.read('/etc/gitlab/rails-secrets/secrets.yml'));
  console.log('Checking encrypted values in the database');
  const failing = async (model: string, sql: string, decrypt: (row: Row) => string): Promise<number> => {
    const rows = await askDatabase(around, sql);
    const failed = rows.filter((row) => !succeeds(() => decrypt(row)));
    console.log(`- ${model} failures: ${failed.length}`);
    return failed.length;
  };
  const counts = [
    await failing('Ci::Variable', 'select * from ci_variables', (row) =>
      decryptAttribute(keys, { value: text(row, 'encrypted_value'), iv: text(row, 'encrypted_value_iv') }),
    ),
    await failing('User', 'select * from users where encrypted_otp_secret is not null', (row) =>
      decryptOtpSecret(keys, {
        value: text(row, 'encrypted_otp_secret'),
        iv: text(row, 'encrypted_otp_secret_iv'),
        salt: text(row, 'encrypted_otp_secret_salt'),
      }),
    ),
    await failing('CloudConnector::Keys', 'select * from cloud_connector_keys', (row) =>
      decryptDocument(keys, EncryptedDocument.parse(row['secret_key'])),
    ),
  ];
  console.log(`Total: ${counts.reduce((sum, count) => sum + count, 0)} row(s) affected`);
  console.log('Done!');
};

type Row = Readonly<Record<string, unknown>>;

const text = (row: Row, column: string): string => String(row[column]);

const succeeds = (act: () => unknown): boolean => {
  try {
    act();
    return true;
  } catch {
    return false;
  }
};
