import { Duration } from 'aws-cdk-lib';
import type { Role } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import * as collectFacts from '../functions/upgrade/collect-facts.contract.ts';
import * as handleFailure from '../functions/upgrade/handle-failure.contract.ts';
import * as judgeCluster from '../functions/upgrade/judge-cluster.contract.ts';
import * as planChecks from '../functions/upgrade/plan-checks.contract.ts';
import * as tellReport from '../functions/upgrade/tell-report.contract.ts';
import * as tellUnchecked from '../functions/upgrade/tell-unchecked.contract.ts';
import { prepareFunctions } from './capability-functions.ts';
import type { SiteResources } from './site-resources.ts';

/** Below the `TimeoutSeconds` of the Tasks that call them: 45, 90, 210 and 330. */
const QUICK = Duration.seconds(30);
const TELLING = Duration.seconds(75);
const JUDGING = Duration.seconds(180);
const COLLECTING = Duration.seconds(300);

/** MB. Holds one slice and one part of a collection; JSON of thousands of objects is parsed faster with more of a processor. */
const COLLECTING_MEMORY_MB = 1769;
/** MB. Holds all parts of a collection at once: what checks read of a cluster, not its objects. */
const JUDGING_MEMORY_MB = 2048;

/** The Lambdas of the check machines, each with the rights of its step and no others. */
export const makeCheckFunctions = (scope: Construct, resources: SiteResources, readRole: Role) => {
  const { network } = resources.site;
  const { records, tells, make } = prepareFunctions(scope, 'upgrade', resources);

  return {
    planChecks: make('plan-checks', planChecks, tells, {
      description: 'Lists the clusters to check, and refuses a version that makes no sense',
      timeout: QUICK,
    }),
    collectFacts: make('collect-facts', collectFacts, records, {
      description: 'Reads what is known of a cluster, part by part',
      timeout: COLLECTING,
      memory: COLLECTING_MEMORY_MB,
      role: readRole,
      network,
    }),
    judgeCluster: make('judge-cluster', judgeCluster, records, {
      description: 'Judges a cluster against its next version and writes the report',
      timeout: JUDGING,
      memory: JUDGING_MEMORY_MB,
    }),
    tellReport: make('tell-report', tellReport, tells, {
      description: 'Tells what changed, and keeps the issue of the cluster up to date',
      timeout: TELLING,
      network,
    }),
    tellUnchecked: make('tell-unchecked', tellUnchecked, tells, {
      description: 'Says that a cluster could not be checked at all',
      timeout: QUICK,
    }),
    handleFailure: make('handle-failure', handleFailure, tells, {
      description: 'Tells a person of an execution that failed',
      timeout: QUICK,
    }),
  };
};

export type CheckFunctions = ReturnType<typeof makeCheckFunctions>;
