import type { DatabaseExtensions } from '../../../functions/backup/restore/extensions/extension-report.ts';
import {
  EXTENSIONS_IN_THE_WAY,
  NEEDED_EXTENSIONS,
} from '../../../functions/backup/restore/extensions/extension-script.ts';
import type { RestoreFacts } from '../../../functions/backup/restore/prechecks/facts.ts';
import type { ReadRelease } from '../../../functions/records/backup/release-facts.ts';
import type { BackupSet } from '../../../functions/records/backup/set.ts';
import { buildSet } from '../../support/backup-sets.ts';
import { known } from '../preflight/preflight-facts.ts';
import { buildPlan, buildWorkload } from './restore-builders.ts';

/** An ordinary moment before an ordinary restore: everything is known, and everything is well. */

export const RESTORE_NOW = new Date('2026-11-22T09:00:00.000Z');
export const { target: PRODUCTION, request: REQUEST } = buildPlan();

const PARTS = ['db', 'repositories', 'uploads.tar.gz', 'lfs.tar.gz'];

export const RESTORE_SET: BackupSet = buildSet({
  gitlabVersion: '18.10.0-ee',
  parts: [
    {
      kind: 'archive',
      takenAt: '2026-11-21T03:00:00.000Z',
      object: {
        bucket: 'acme-backups',
        key: 'archive.tar',
        etag: 'e',
        size: 40_000_000_000,
        lastModified: '2026-11-21T04:00:00.000Z',
      },
      contents: PARTS.map((part) => ({ part, members: 1, bytes: 1 })),
    },
  ],
});

export const RELEASE: ReadRelease = {
  state: 'read',
  version: 1,
  readAt: '2026-11-22T08:00:00.000Z',
  release: 'gitlab',
  namespace: 'gitlab',
  revision: 7,
  status: 'deployed',
  chart: 'gitlab',
  chartVersion: '9.10.0',
  appVersion: '18.10.0',
  components: [
    { component: 'uploads', on: true, bucket: 'acme-uploads', path: 'a' },
    { component: 'lfs', on: true, bucket: 'acme-lfs', path: 'b' },
    { component: 'registry', on: true, bucket: 'acme-registry', path: 'c' },
  ],
  backupBucket: 'acme-backups',
  tmpBucket: 'acme-tmp',
  backend: 's3',
  upload: { tool: 'awscli', known: true },
  scratch: { kind: 'generic-ephemeral' },
  databases: [],
  gitaly: { serverSide: false, external: false, praefect: false, storages: ['default'] },
  skipped: [],
  findings: [],
  unread: [],
};

export const PLACE = {
  now: RESTORE_NOW,
  workloads: [
    buildWorkload('gitlab-webservice-default', { app: 'webservice', replicas: 3 }),
    buildWorkload('gitlab-sidekiq-all', { app: 'sidekiq' }),
    buildWorkload('gitlab-toolbox', { app: 'toolbox' }),
  ],
  autoscalers: [],
  cronJobs: [],
};

type Extension = DatabaseExtensions['extensions'][number];

/** A database as on RDS: the master user has made its extensions, and the role of GitLab may make none that is not trusted. */
export const databaseWith = (
  changes: Readonly<Record<string, Partial<Extension>>>,
  database = 'gitlabhq_production',
): DatabaseExtensions => ({
  database,
  role: 'gitlab',
  extensions: [...NEEDED_EXTENSIONS, ...EXTENSIONS_IN_THE_WAY].map((name) => ({
    name,
    isThere: NEEDED_EXTENSIONS.some((one) => one === name),
    mayDrop: false,
    mayMake: ['pg_trgm', 'btree_gist'].includes(name),
    ...changes[name],
  })),
});

export const ORDINARY_RESTORE: RestoreFacts = {
  now: RESTORE_NOW,
  request: REQUEST,
  target: PRODUCTION,
  origin: PRODUCTION,
  set: RESTORE_SET,
  information: known({
    installationType: 'gitlab-helm-chart',
    skipped: [],
    storages: ['default'],
    repositoriesServerSide: false,
  }),
  runningVersion: known('18.10.0-ee'),
  release: known(RELEASE),
  place: known(PLACE),
  scratch: known({ kind: 'generic-ephemeral', bytes: 200_000_000_000 }),
  hasCronJob: known(true),
  rights: known({
    needed: [{ action: 's3:DeleteObject', resource: 'arn:aws:s3:::acme-uploads/*', neededBy: 'restore' }],
    answers: [
      {
        action: 's3:DeleteObject',
        resource: 'arn:aws:s3:::acme-uploads/*',
        decision: 'allowed',
        missingContext: [],
      },
    ],
  }),
  secrets: known({ meaning: 'as-it-is', secrets: [] }),
  extensions: known([databaseWith({})]),
  running: known([]),
  maintenance: known(undefined),
  pause: known({ ok: true }),
};
