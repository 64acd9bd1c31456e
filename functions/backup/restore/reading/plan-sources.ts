import { openBucketFacts } from '../../../clients/bucket-facts/open-bucket-facts.ts';
import { connectKubernetesJobs } from '../../../clients/kubernetes-jobs.ts';
import { connectKubernetesScaling } from '../../../clients/kubernetes-scaling.ts';
import type { Ledger } from '../../../clients/ledger.ts';
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
  });
