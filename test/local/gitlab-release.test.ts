import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readRailsSecret } from '../../functions/backup/secrets/rails-secret.ts';
import { listSecrets } from '../../functions/backup/secrets/secret-list.ts';
import { openChartValues } from '../../functions/backup/values/chart-values.ts';
import { RULES } from '../../functions/backup/values/rules/registry.ts';
import { readValues } from '../../functions/backup/values/values-file.ts';
import { lintValues } from '../../functions/backup/values/values-report.ts';
import { PROJECTS, writeRows } from '../../infra/local/gitlab-release/database/rows.ts';
import {
  decryptAttribute,
  decryptDocument,
  decryptOtpSecret,
  encryptAttribute,
  encryptDocument,
  encryptOtpSecret,
} from '../../infra/local/gitlab-release/encrypted-columns.ts';
import { BACKUP_BUCKETS, GITLAB, SOURCE_BUCKETS } from '../../infra/local/gitlab-release/names.ts';
import { type GitLabObjects, makeObjects } from '../../infra/local/gitlab-release/objects.ts';
import { makeRailsKeys, readSecretsFile } from '../../infra/local/gitlab-release/rails-secret.ts';
import { hashedPath } from '../../infra/local/gitlab-release/repositories.ts';
import { makeSecrets } from '../../infra/local/gitlab-release/secrets.ts';
import { drawFrom } from '../../infra/local/gitlab-release/seeded-values.ts';
import { writeValues } from '../../infra/local/gitlab-release/values.ts';

/** Megabytes are compared by it. */
const digest = (all: GitLabObjects): string => {
  const hash = createHash('sha256');
  for (const { key, body } of Object.values(all).flat()) hash.update(key).update(body);
  return hash.digest('hex');
};

/** The GitLab of the local world, before anything of it runs. */

const seeded = drawFrom('one');
const keys = makeRailsKeys(seeded);
const others = makeRailsKeys(drawFrom('two'));
const objects = makeObjects(seeded);
const secrets = makeSecrets(GITLAB.release, seeded, {
  keys,
  databasePassword: 'of the database',
  region: 'eu-central-1',
  registryBucket: SOURCE_BUCKETS.registry,
});
const read = readValues(
  JSON.stringify(
    writeValues({
      roleArn: 'arn:aws:iam::111122223333:role/gitlab',
      database: { host: '10.0.0.1', port: 5432 },
      buckets: SOURCE_BUCKETS,
      tmpBucket: BACKUP_BUCKETS.tmp,
      domain: 'example.com',
      redis: 'cache.example.com',
    }),
  ),
);
const values = read.ok ? read.values : {};

describe('its values', () => {
  it('hold no trap and no risk', () => {
    const { findings } = lintValues(
      values,
      {
        chart: 9,
        clock: 'outside',
        postgresql: '17.4',
        connection: parse(secrets['gitlab-object-storage']?.['connection'] ?? ''),
        registryStorage: parse(secrets['gitlab-registry-storage']?.['config'] ?? ''),
      },
      RULES,
    );
    expect(findings).toEqual([]);
  });

  it('name no secret that is not made', () => {
    const wanted = listSecrets(GITLAB.release, openChartValues(values, 9));
    const missing = wanted.filter(({ name }) => !(name in secrets)).map(({ name }) => name);
    expect(missing).toEqual([]);
  });
});

it('its rails-secret has every key in its shape', () => {
  const data = { 'secrets.yml': Buffer.from(secrets['gitlab-rails-secret']?.['secrets.yml'] ?? '') };
  expect(readRailsSecret(data)).toMatchObject({ ok: true, findings: [] });
  expect(readSecretsFile(data['secrets.yml'].toString())).toEqual(keys);
});

describe('its seed', () => {
  it('makes the same rows and objects again, and another one others', () => {
    expect(writeRows(drawFrom('one'), keys, objects)).toEqual(writeRows(seeded, keys, objects));
    expect(digest(makeObjects(drawFrom('one')))).toBe(digest(objects));
    expect(digest(makeObjects(drawFrom('two')))).not.toBe(digest(objects));
    expect(writeRows(drawFrom('two'), keys, objects)).not.toEqual(writeRows(seeded, keys, objects));
  });

  it('puts something into every bucket, and names each object once', () => {
    for (const component of Object.keys(SOURCE_BUCKETS)) {
      const inBucket = Object.entries(objects).find(([name]) => name === component)?.[1] ?? [];
      expect(inBucket.length).toBeGreaterThan(0);
      expect(new Set(inBucket.map(({ key }) => key)).size).toBe(inBucket.length);
    }
  });

  it('names a repository for each project, where GitLab puts it', () => {
    const rows = new Map(writeRows(seeded, keys, objects)).get('project_repositories') ?? [];
    expect(rows).toHaveLength(PROJECTS);
    // GitLab documentation, "Repository storage": the SHA-256 of the id, here of 1.
    expect(hashedPath(1)).toBe(
      '@hashed/6b/86/6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b',
    );
  });
});

describe('a column that is encrypted', () => {
  const iv = Buffer.alloc(12, 7);
  const salt = Buffer.alloc(16, 9);
  const attribute = encryptAttribute(keys, iv, 'hidden');
  const otp = encryptOtpSecret(keys, { iv, salt }, 'hidden');
  const document = encryptDocument(keys, iv, 'hidden');

  it.each<[string, (by: typeof keys) => string]>([
    ['under db_key_base', (by) => decryptAttribute(by, attribute)],
    ['under otp_key_base', (by) => decryptOtpSecret(by, otp)],
    ['by Active Record Encryption', (by) => decryptDocument(by, document)],
  ])('%s is read by its key, and by no other', (_, decrypt) => {
    expect(decrypt(keys)).toBe('hidden');
    expect(() => decrypt(others)).toThrow(/authenticate|No primary key/);
  });

  it('by Active Record Encryption is read by an older key of the list too', () => {
    const newer = others.active_record_encryption_primary_key;
    const rotated = {
      ...keys,
      active_record_encryption_primary_key: [...keys.active_record_encryption_primary_key, ...newer],
    };
    expect(decryptDocument(rotated, document)).toBe('hidden');
    expect(encryptDocument(rotated, iv, 'hidden')).not.toEqual(document);
  });
});
