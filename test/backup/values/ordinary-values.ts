import { mergeValues } from '../../../functions/backup/values/merge-values.ts';
import type { LintContext } from '../../../functions/backup/values/rule.ts';
import type { ValueMap } from '../../../functions/backup/values/value-tree.ts';
import { readValues } from '../../../functions/backup/values/values-file.ts';

/** An ordinary good installation on EKS: everything that lasts lies outside, and Drydock is the clock. */
export const ORDINARY = `
global:
  hosts: { domain: example.com }
  minio: { enabled: false }
  psql: { host: db.example.com, password: { secret: gitlab-postgresql } }
  redis: { host: cache.example.com, scheme: rediss, auth: { secret: gitlab-redis } }
  serviceAccount:
    enabled: true
    annotations: { eks.amazonaws.com/role-arn: arn:aws:iam::123456789012:role/gitlab }
  registry: { bucket: acme-registry }
  appConfig:
    object_store:
      enabled: true
      connection: { secret: gitlab-object-storage, key: connection }
    lfs: { bucket: acme-lfs }
    artifacts: { bucket: acme-artifacts }
    uploads: { bucket: acme-uploads }
    packages: { bucket: acme-packages }
    backups: { bucket: acme-backups, tmpBucket: acme-tmp }
postgresql: { install: false }
redis: { install: false }
nginx-ingress: { enabled: false }
registry: { storage: { secret: gitlab-registry-storage } }
gitlab:
  toolbox:
    persistence: &disk { enabled: true, size: 400Gi, storageClass: gp3 }
    backups:
      objectStorage: { config: { secret: gitlab-s3cfg } }
      cron:
        enabled: true
        suspend: true
        extraArgs: --s3tool awscli
        persistence: *disk
`;

export const ORDINARY_CONTEXT: LintContext = {
  chart: 10,
  clock: 'outside',
  archiveBytes: 120e9,
  postgresql: '17.4',
  connection: { provider: 'AWS', use_iam_profile: true, region: 'eu-central-1' },
  registryStorage: { s3: { bucket: 'acme-registry', region: 'eu-central-1', v4auth: true } },
};

/** Values out of YAML; a fault in a test's own YAML is thrown. */
export const valuesOf = (yaml: string): ValueMap => {
  const read = readValues(yaml);
  if (!read.ok) throw new Error(JSON.stringify(read.faults));
  return read.values;
};

/** The ordinary installation, and over it what a row of a table changes. */
export const ordinaryWith = (yaml: string): ValueMap =>
  mergeValues([valuesOf(ORDINARY), valuesOf(yaml === '' ? '{}' : yaml)]);

/** A change of the CronJob alone. */
export const cron = (yaml: string): string => `gitlab: { toolbox: { backups: { cron: { ${yaml} } } } }`;

/** A change of its arguments alone. */
export const args = (extraArgs: string): string => cron(`extraArgs: ${JSON.stringify(extraArgs)}`);
