import type { ComponentFact, ReadRelease } from '../../functions/records/backup/release-facts.ts';

/** One component with a bucket of its own, switched on. */
export const buildComponent = (
  component: ComponentFact['component'],
  changes: Partial<ComponentFact> = {},
): ComponentFact => ({
  component,
  on: true,
  bucket: `acme-${component.replaceAll('_', '-')}`,
  path: `global.appConfig.${component}.bucket`,
  ...changes,
});

/** An ordinary release: uploads and LFS in buckets, by a role, with awscli and a disk of its own. */
export const buildRelease = (changes: Partial<ReadRelease> = {}): ReadRelease => ({
  state: 'read',
  version: 1,
  readAt: '2026-11-21T03:00:06.000Z',
  release: 'gitlab',
  namespace: 'gitlab',
  revision: 7,
  status: 'deployed',
  chart: 'gitlab',
  chartVersion: '9.10.0',
  appVersion: '18.10.0',
  components: [
    buildComponent('registry'),
    buildComponent('uploads'),
    buildComponent('artifacts'),
    buildComponent('lfs'),
    buildComponent('pages', { on: false }),
  ],
  backupBucket: 'acme-backups',
  tmpBucket: 'acme-tmp',
  backend: 's3',
  upload: { tool: 'awscli', known: true },
  scratch: { kind: 'generic-ephemeral', bytes: 400 * 1024 ** 3 },
  store: { provider: 'AWS', region: 'eu-central-1', credentials: 'role' },
  databases: [],
  gitaly: { serverSide: false, external: false, praefect: false, storages: ['default'] },
  skipped: [],
  findings: [],
  unread: [],
  ...changes,
});
