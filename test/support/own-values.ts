/** GitLabs that share nothing with each other: values, and the addresses of their servers. */

/** Helm values with addresses, servers and buckets that begin with a name; only archives are those of others. */
export const writeOwnValues = (name: string): string => `
global:
  hosts: { domain: ${name}.example.com }
  psql: { host: ${name}-db.example.com }
  redis: { host: ${name}-cache.example.com }
  registry: { bucket: ${name}-registry }
  appConfig:
    lfs: { bucket: ${name}-lfs }
    artifacts: { bucket: ${name}-artifacts }
    uploads: { bucket: ${name}-uploads }
    packages: { bucket: ${name}-packages }
    externalDiffs: { bucket: ${name}-diffs }
    terraformState: { bucket: ${name}-terraform }
    ciSecureFiles: { bucket: ${name}-secure }
    backups: { tmpBucket: ${name}-tmp }
  pages: { objectStore: { bucket: ${name}-pages } }
`;

/** Those of the ordinary values, of `scratch` and of `staging`; `other-name` is one server of the first under another name. */
export const ADDRESSES: Readonly<Record<string, readonly string[]>> = {
  'db.example.com': ['10.0.0.5'],
  'cache.example.com': ['10.0.0.6'],
  'staging-db.example.com': ['10.8.0.5'],
  'staging-cache.example.com': ['10.8.0.6'],
  'scratch-db.example.com': ['10.9.0.5'],
  'scratch-cache.example.com': ['10.9.0.6'],
  'other-name.example.com': ['10.0.0.5'],
};
