import { known } from '../../../../functions/backup/preflight/learn.ts';
import { type NativeView, partsOf } from '../../../../functions/backup/restore/native/native-view.ts';
import type { RestoreFacts } from '../../../../functions/backup/restore/prechecks/facts.ts';
import type { InstanceState } from '../../../../functions/clients/database-restore.ts';
import { createFakeDatabaseRestore } from '../../../support/fake-database-restore.ts';
import { ORDINARY_RESTORE, RELEASE, RESTORE_NOW, RESTORE_SET } from '../restore-facts.ts';

/** A native set of one database, one bucket and Gitaly, seen before it is restored where it was taken. */

export const AT = '2026-11-21T03:00:00.000Z';
export const SNAPSHOT = 'arn:aws:rds:eu-central-1:111122223333:snapshot:drydock-production-1';
export const SET: RestoreFacts['set'] = {
  ...RESTORE_SET,
  kind: 'native',
  parts: [
    { kind: 'database', takenAt: AT, instance: 'gitlab', snapshot: { arn: SNAPSHOT, createdAt: AT } },
    {
      kind: 'bucket',
      takenAt: AT,
      at: AT,
      component: 'uploads',
      bucket: 'acme-uploads',
      versioning: 'enabled',
      replication: { status: 'complete' },
    },
    { kind: 'gitaly', takenAt: AT, id: RESTORE_SET.id, bucket: 'acme-gitaly', projects: 7 },
  ],
};
export const FACTS: RestoreFacts = { ...ORDINARY_RESTORE, set: SET };

const databases = createFakeDatabaseRestore(() => RESTORE_NOW);
databases.put('gitlab');
const MAIN = await databases.find('gitlab');
export const main = (changes: Partial<InstanceState> = {}): InstanceState => {
  if (!MAIN) throw new Error('It was put in.');
  return { ...MAIN, ...changes };
};
export const alone = (changes: Partial<InstanceState> = {}): NativeView['database'] =>
  known({ origin: main(changes), main: main(changes), interim: undefined, kept: undefined });
export const snapshot = { id: 'drydock-production-1', arn: SNAPSHOT, status: 'available', percent: 100 };
export const ENABLED = { component: 'uploads', bucket: 'acme-uploads', archived: known(0) };

export const VIEW: NativeView = {
  parts: partsOf(SET.parts),
  place: { isOther: false, instance: 'gitlab', buckets: ['acme-*'] },
  sourceBuckets: ['acme-*'],
  names: { interim: 'gitlab-restore-1', kept: 'gitlab-before-1' },
  database: alone(),
  snapshot: known(snapshot),
  key: known(undefined),
  buckets: [{ ...ENABLED, versions: known({ versioning: 'enabled' }) }],
  manifests: known({ found: 7, isAll: true, storages: ['default'] }),
};

/** What it is made of in the scratch place of the same GitLab, which has an instance and buckets of its own. */
export const SCRATCH_FACTS: RestoreFacts = {
  ...FACTS,
  target: { ...FACTS.target, kind: 'scratch', namespace: 'gitlab-scratch' },
  release: known({
    ...RELEASE,
    components: [{ component: 'uploads', on: true, bucket: 'scratch-uploads', path: 'a' }],
    databases: [{ name: 'main', host: 'scratch.abc.rds.amazonaws.com' }],
    gitaly: { ...RELEASE.gitaly, bucket: 'acme-gitaly' },
  }),
};

export const SCRATCH_VIEW: NativeView = {
  ...VIEW,
  place: { isOther: true, instance: 'scratch', buckets: ['scratch-*'] },
  names: { interim: 'scratch-restore-1', kept: 'scratch-before-1' },
  database: known({
    origin: main(),
    main: main({
      identifier: 'scratch',
      resourceId: 'db-SCRATCH',
      endpoint: 'scratch.abc.rds.amazonaws.com',
    }),
    interim: undefined,
    kept: undefined,
  }),
};
