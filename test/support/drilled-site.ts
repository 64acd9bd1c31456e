import { beginDrill } from '../../functions/backup/drill/drill-life.ts';
import { findRestore } from '../../functions/backup/restore/reading/restore-subject.ts';
import { updateRecord } from '../../functions/clients/ledger.ts';
import { type DrillRun, drillRunKey, drillRunKind } from '../../functions/records/backup/drill.ts';
import { Configuration } from '../../functions/records/configuration.ts';
import { CLOSED } from '../backup/drill/drill-builders.ts';
import { buildWorkload } from '../backup/restore/restore-builders.ts';
import { chartCronJobBody } from './chart-cron-job.ts';
import { executionOf } from './restore-execution.ts';
import { createRestoreSite, SITE_CONFIGURATION } from './restore-site.ts';

/** The site of a restore with a scratch place in which its restores are rehearsed. */

export const DRILL_ID = 'weekly-1';
export const DRILL_PLACE = 'production/scratch';
const EXECUTION = 'drill-weekly-1';

export const DRILLED_CONFIGURATION = (() => {
  const { backup, ...rest } = SITE_CONFIGURATION;
  const production = backup?.environments['production'];
  if (!production) throw new Error('The site backs up its production.');
  const { role, restore } = production;
  const scratch = { ...restore.scratch, namespace: 'gitlab-scratch', role };
  const environments = { production: { ...production, restore: { ...restore, scratch, drill: {} } } };
  return Configuration.parse({ ...rest, backup: { ...backup, environments } });
})();

export const createDrilledSite = async (configuration = DRILLED_CONFIGURATION) => {
  const site = await createRestoreSite();
  site.cluster.putCronJob('gitlab-scratch', chartCronJobBody());
  for (const app of ['webservice', 'sidekiq']) {
    site.scaling.putWorkload(buildWorkload(app, { app, namespace: 'gitlab-scratch' }));
  }
  const { environment, policy, id } = site.set;
  const { target } = findRestore(configuration, { environment, target: 'scratch' });
  const begun = beginDrill(
    { set: { environment, policy, id }, target, execution: executionOf(DRILL_ID) },
    site.clock.now(),
  );
  /** The record of the drill that has started the restore `EXECUTION`, as a test wants it. */
  const putDrill = (change: Partial<DrillRun> = {}): Promise<unknown> =>
    updateRecord(
      site.memory,
      drillRunKind,
      drillRunKey(environment),
      () => ({ ...begun, proof: CLOSED, restore: { execution: executionOf(EXECUTION).arn }, ...change }),
      site.clock,
    );
  return { ...site, putDrill, deps: { ...site.deps, configuration } };
};

/** What a drill starts a restore with. */
export const REHEARSAL = {
  environment: 'production',
  by: 'the drill weekly-1',
  why: 'a rehearsal',
  dryRun: false,
  drill: DRILL_ID,
};
export const REHEARSAL_EXECUTION = EXECUTION;
