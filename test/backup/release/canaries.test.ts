import { expect, it } from 'vitest';
import { content } from '../secrets/secret-builders.ts';
import { buildRelease, describeOf } from './release-builder.ts';

/** A secret in every place where people put one, by right or by mistake: none of it may be written down. */

const CANARY = 'Canary-4711';

it('nothing of a secret is written down, wherever it stands in the values', () => {
  const yaml = `
global:
  psql: { host: "${CANARY}!", username: "${CANARY}", password: "${CANARY}", database: "1${CANARY}" }
  smtp: { user_name: "${CANARY}", password: "${CANARY}" }
  appConfig:
    packages: { bucket: "x ${CANARY}" }
    uploads: { bucket: "https://user:${CANARY}@bucket" }
    backups: { bucket: "${CANARY}/archives" }
    omniauth: { providers: [{ secret: "${CANARY}", args: { app_secret: "${CANARY}" } }] }
  gitaly: { external: [{ name: "${CANARY} token", hostname: "${CANARY}" }] }
gitlab:
  gitaly: { backup: { goCloudUrl: "s3://acme-gitaly?awssdk=v2&secret=${CANARY}" } }
  toolbox:
    extraEnv: { PASSWORD: "${CANARY}" }
    backups: { cron: { extraArgs: "--s3tool ${CANARY} --aws-kms-key-id ${CANARY} --token=${CANARY}" } }
`;
  const connection = `provider: "${CANARY} x"\nregion: "${CANARY}"\nendpoint: "https://key:${CANARY}@minio.example.com:9000"\naws_access_key_id: ${CANARY}\naws_secret_access_key: ${CANARY}\n`;
  const facts = describeOf(
    buildRelease(yaml),
    new Map([
      ['gitlab-object-storage', content({ connection })],
      [
        'gitlab-registry-storage',
        content({ config: `s3: { bucket: "${CANARY}", accesskey: "${CANARY}", secretkey: "${CANARY}" }` }),
      ],
      ['gitlab-s3cfg', content({ config: `access_key = ${CANARY}\nmultipart_chunk_size_mb = 64\n` })],
    ]),
  );
  expect(JSON.stringify(facts)).not.toContain(CANARY);
  expect(facts).toMatchObject({
    store: { endpoint: 'minio.example.com:9000', credentials: 'keys' },
    registryStore: { credentials: 'keys' },
    gitaly: { bucket: 'acme-gitaly' },
    upload: { partBytes: 64 * 1024 ** 2 },
  });
});
