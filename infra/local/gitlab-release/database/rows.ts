import { createHash } from 'node:crypto';
import { encryptAttribute, encryptDocument, encryptOtpSecret } from '../encrypted-columns.ts';
import type { GitLabObjects } from '../objects.ts';
import type { RailsKeys } from '../rails-secret.ts';
import { COMMITS, hashedPath } from '../repositories.ts';
import type { SeededValues } from '../seeded-values.ts';

/** The rows of each table, in an order in which references are there already. */
export type TableRows = readonly (readonly [table: string, rows: readonly Record<string, unknown>[]])[];

const BEGINNING = Date.UTC(2025, 0, 6, 8);
const HOUR_MS = 3_600_000;
const GROUPS = 4;
const USERS = 12;
export const PROJECTS = 6;
const ISSUES = 300;
const BUILDS = 1_500;
const VARIABLES = 24;
const IV_BYTES = 12;
const WORDS = 'invoice parser cache mobile report search ledger deploy login queue'.split(' ');

/** Rows in the shape of GitLab's, the same for the same seed. */
export const writeRows = (values: SeededValues, keys: RailsKeys, objects: GitLabObjects): TableRows => [
  [
    'schema_migrations',
    ['20261101000000', '20261014120000', '20260918093000'].map((version) => ({ version })),
  ],
  [
    'ar_internal_metadata',
    [
      { key: 'environment', value: 'production', created_at: timeOf(0), updated_at: timeOf(0) },
      { key: 'schema_sha1', value: values.hex('schema', 40), created_at: timeOf(0), updated_at: timeOf(0) },
    ],
  ],
  [
    'namespaces',
    times(GROUPS, (id) => ({
      id,
      name: `Group ${id}`,
      path: `group-${id}`,
      type: 'Group',
      traversal_ids: [id],
    })),
  ],
  ['users', times(USERS, (id) => writeUser(values, keys, id))],
  ['projects', times(PROJECTS, (id) => writeProject(values, id))],
  ['project_repositories', times(PROJECTS, (id) => ({ id, project_id: id, disk_path: hashedPath(id) }))],
  [
    'project_statistics',
    times(PROJECTS, (id) => ({ id, project_id: id, commit_count: COMMITS, repository_size: 4_096 * id })),
  ],
  ['issues', times(ISSUES, (id) => writeIssue(values, id))],
  [
    'iterations_cadences_spans',
    times(GROUPS, (id) => ({ id, group_id: id, span: '[2026-01-01,2026-06-30)' })),
  ],
  ['p_ci_builds', times(BUILDS, (id) => writeBuild(values, id))],
  ['ci_variables', times(VARIABLES, (id) => writeVariable(values, keys, id))],
  ['cloud_connector_keys', times(2, (id) => writeKey(values, keys, id))],
  [
    'lfs_objects',
    objects.lfs.map(({ key, body }, index) => ({
      id: index + 1,
      oid: key.replaceAll('/', ''),
      size: body.length,
      file_store: 2,
    })),
  ],
  [
    'uploads',
    objects.uploads.map(({ key, body }, index) => ({
      id: index + 1,
      path: key,
      size: body.length,
      checksum: sha256(body),
      store: 2,
    })),
  ],
];

const times = <Row>(count: number, make: (id: number) => Row): Row[] =>
  Array.from({ length: count }, (_, index) => make(index + 1));

const timeOf = (hours: number): string => new Date(BEGINNING + hours * HOUR_MS).toISOString();

const phrase = (values: SeededValues, name: string, words: number): string =>
  times(words, (index) => WORDS[values.number(`${name}/${index}`, WORDS.length)]).join(' ');

const writeUser = (values: SeededValues, keys: RailsKeys, id: number) => {
  const random = { iv: values.bytes(`otp-iv/${id}`, IV_BYTES), salt: values.bytes(`otp-salt/${id}`, 16) };
  // Every third one has two-factor authentication.
  const otp = id % 3 === 0 ? encryptOtpSecret(keys, random, values.hex(`otp/${id}`, 32)) : undefined;
  return {
    id,
    email: `user-${id}@example.com`,
    username: id === 1 ? 'root' : `user-${id}`,
    name: id === 1 ? 'Administrator' : `User ${id}`,
    state: 'active',
    created_at: timeOf(id),
    encrypted_otp_secret: otp?.value,
    encrypted_otp_secret_iv: otp?.iv,
    encrypted_otp_secret_salt: otp?.salt,
  };
};

const writeProject = (values: SeededValues, id: number) => {
  const path = `${WORDS[id % WORDS.length]}-${id}`;
  return {
    id,
    namespace_id: 1 + (id % GROUPS),
    name: path,
    path,
    repository_storage: 'default',
    visibility_level: 10 * values.number(`visibility/${id}`, 3),
    pending_delete: false,
    created_at: timeOf(24 * id),
  };
};

const writeIssue = (values: SeededValues, id: number) => ({
  id,
  project_id: 1 + (id % PROJECTS),
  author_id: 1 + values.number(`author/${id}`, USERS),
  iid: Math.ceil(id / PROJECTS),
  title: phrase(values, `title/${id}`, 5),
  // What a dump has to quote: line breaks, tabs, backslashes, quotes, more than ASCII.
  description: `${phrase(values, `text/${id}`, 30)}\n\t"Grüße" \\. ${id} 漢字`,
  created_at: timeOf(100 + id),
});

const writeBuild = (values: SeededValues, id: number) => ({
  id,
  partition_id: 100 + (id % 2),
  project_id: 1 + (id % PROJECTS),
  name: ['build', 'test', 'deploy'][id % 3],
  status: values.number(`build/${id}`, 10) === 0 ? 'failed' : 'success',
  created_at: timeOf(200 + id),
});

const writeVariable = (values: SeededValues, keys: RailsKeys, id: number) => {
  const { value, iv } = encryptAttribute(
    keys,
    values.bytes(`variable-iv/${id}`, IV_BYTES),
    values.hex(`variable/${id}`, 40),
  );
  return {
    id,
    project_id: 1 + (id % PROJECTS),
    key: `SECRET_${id}`,
    encrypted_value: value,
    encrypted_value_iv: iv,
  };
};

const writeKey = (values: SeededValues, keys: RailsKeys, id: number) => ({
  id,
  created_at: timeOf(id),
  secret_key: encryptDocument(
    keys,
    values.bytes(`document-iv/${id}`, IV_BYTES),
    values.hex(`document/${id}`, 64),
  ),
});

const sha256 = (body: Buffer): string => createHash('sha256').update(body).digest('hex');
