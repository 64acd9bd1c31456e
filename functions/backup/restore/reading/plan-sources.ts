import { readKey } from '../../../clients/aws-account/keys.ts';
import { openBucketFacts } from '../../../clients/bucket-facts/open-bucket-facts.ts';
import { openDatabaseRestore } from '../../../clients/databases/open-database-restore.ts';
import { openDatabases } from '../../../clients/databases/open-databases.ts';
import { connectKubernetesJobs } from '../../../clients/kubernetes-jobs.ts';
import { connectKubernetesScaling } from '../../../clients/kubernetes-scaling.ts';
import type { Ledger } from '../../../clients/ledger.ts';
import { openObjectKeys } from '../../../clients/object-keys.ts';
import { openObjectVersions } from '../../../clients/object-versions.ts';
import { openPauses } from '../../../clients/pauses.ts';
import { openRoleSimulation } from '../../../clients/role-simulation/open-role-simulation.ts';
import { systemClock } from '../../../runtime/clock.ts';
import type { SubjectSources } from './draft-plan.ts';

/** Where a plan is made of, and looked at once more before it begins. */
export const wirePlanSources =
  (ledger: Ledger): SubjectSources =>
  ({ target }) => ({
    pauses: openPauses(ledger, systemClock),
    jobs: connectKubernetesJobs(target),
    scaling: connectKubernetesScaling(target),
    simulation: openRoleSimulation(target.region),
    buckets: openBucketFacts(target.region),
    native: {
      databases: openDatabases(target.region),
      databaseRestore: openDatabaseRestore(target.region),
      buckets: openBucketFacts(target.region),
      versions: openObjectVersions(target.region),
      keys: openObjectKeys(target.region),
      key: (arn, signal) => readKey(target.region, arn, signal),
    },
  });
