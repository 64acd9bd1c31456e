import { beginDrill } from '../../functions/backup/drill/drill-life.ts';
import { nameInstances } from '../../functions/backup/restore/native/run-instances.ts';
import { findRestore } from '../../functions/backup/restore/reading/restore-subject.ts';
import { updateRecord } from '../../functions/clients/ledger.ts';
import { type DrillRun, drillRunKey, drillRunKind } from '../../functions/records/backup/drill.ts';
import { Configuration } from '../../functions/records/configuration.ts';
import { CLOSED } from '../backup/drill/drill-builders.ts';
import { buildWorkload } from '../backup/restore/restore-builders.ts';
import { chartCronJobBody } from './chart-cron-job.ts';
import { DRILL_ID, REHEARSAL_EXECUTION } from './drilled-site.ts';
import { createNativeSite, NATIVE_CONFIGURATION } from './native-site.ts';
import { executionOf } from './restore-execution.ts';

/** The GitLab of native sets with a scratch place that can take them: an instance, buckets and a Gitaly of its own. */

export const SPARE = 'spare';
export const SPARE_UPLOADS = 'scratch-uploads';

export const NATIVE_SCRATCH_CONFIGURATION = (() => {
  const production = NATIVE_CONFIGURATION.backup?.environments['production'];
  const restore = {
    ...production?.restore,
    scratch: {
      namespace: 'gitlab-scratch',
      database: { instance: SPARE },
      buckets: ['scratch-*'],
    },
    drill: { allowed: [{ cidr: '10.9.0.0/24', ports: [5432], why: 'subnets of the spare database' }] },
  };
  return Configuration.parse({
    ...NATIVE_CONFIGURATION,
    backup: { environments: { production: { ...production, restore } } },
  });
})();

export const createNativeScratchSite = async () => {
  const site = await createNativeSite();
  site.databaseRestore.put(SPARE, { endpoint: 'scratch-db.example.com' });
  site.state.scratchValues +=
    'gitlab: { gitaly: { backup: { goCloudUrl: "s3://acme-gitaly?region=eu-central-1" } } }\n';
  site.cluster.putCronJob('gitlab-scratch', chartCronJobBody());
  for (const app of ['webservice', 'sidekiq'])
    site.scaling.putWorkload(buildWorkload(app, { app, namespace: 'gitlab-scratch', replicas: 0 }));
  const spare = site.store.bucket(SPARE_UPLOADS);
  const { environment, policy, id } = site.native;
  const { target } = findRestore(NATIVE_SCRATCH_CONFIGURATION, { environment, target: 'scratch' });
  const begun = beginDrill(
    { set: { environment, policy, id }, target, execution: executionOf(DRILL_ID) },
    site.clock.now(),
  );
  /** The record of the drill that has started the restore, as a test wants it. */
  const putDrill = (change: Partial<DrillRun> = {}): Promise<unknown> =>
    updateRecord(
      site.memory,
      drillRunKind,
      drillRunKey(environment),
      () => ({
        ...begun,
        proof: CLOSED,
        restore: { execution: executionOf(REHEARSAL_EXECUTION).arn },
        ...change,
      }),
      site.clock,
    );
  return {
    ...site,
    spare,
    putDrill,
    deps: { ...site.deps, configuration: NATIVE_SCRATCH_CONFIGURATION },
    names: nameInstances(SPARE, REHEARSAL_EXECUTION),
  };
};
export type NativeScratchSite = Awaited<ReturnType<typeof createNativeScratchSite>>;
