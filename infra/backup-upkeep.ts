import { Duration } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Schedule, ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import { Construct } from 'constructs';
import * as deleteSets from '../functions/backup/delete-sets.contract.ts';
import * as judgeFreshness from '../functions/backup/judge-freshness.contract.ts';
import * as planUpkeep from '../functions/backup/plan-upkeep.contract.ts';
import * as tellUpkeep from '../functions/backup/tell-upkeep.contract.ts';
import { FRESHNESS_PERIOD_SECONDS } from '../functions/records/backup/freshness-metric.ts';
import { grantWriteFreshness, type LedgerRights } from './backup-ledger-rights.ts';
import type { BackupRoles } from './backup-rights.ts';
import { prepareFunctions } from './capability-functions.ts';
import { acknowledgeWildcard } from './constructs/compliance.ts';
import { machineReference } from './constructs/machine-reference.ts';
import { DeadLetterQueue } from './constructs/work-queue.ts';
import type { SiteResources } from './site-resources.ts';

/** Reads every manifest of the site. */
const SURVEYING = Duration.minutes(15);
const DELETING = Duration.minutes(5);
const TELLING = Duration.minutes(2);
const SURVEYING_MEMORY_MB = 1024;

/** The Lambdas that keep sets in order, each with the rights of its step. */
export const makeUpkeepFunctions = (
  scope: Construct,
  resources: SiteResources,
  roles: BackupRoles,
  ledger: LedgerRights,
) => {
  const { records, tells, make } = prepareFunctions(scope, 'backup', resources);
  const functions = {
    planUpkeep: make('plan-upkeep', planUpkeep, tells, {
      description: 'Plans which sets are deleted, and which are read again',
      timeout: SURVEYING,
      memory: SURVEYING_MEMORY_MB,
    }),
    deleteSets: make('delete-sets', deleteSets, records, {
      description: 'Deletes what the plan of a night names, version by version',
      timeout: DELETING,
      role: roles.delete,
    }),
    tellUpkeep: make('tell-upkeep', tellUpkeep, tells, {
      description: 'Tells what a night of upkeep found and deleted',
      timeout: TELLING,
    }),
  };
  const { planUpkeep: plan, tellUpkeep: telling } = functions;
  ledger.changeSets(plan.role);
  ledger.changePlans(plan.role);
  machineReference(scope, 'backup').grantDescribe(plan.role);
  ledger.readSets(telling.role);
  ledger.readPlans(telling.role);
  ledger.noteTold(telling.role);
  for (const { role } of [plan, telling]) ledger.tell(role);
  return functions;
};

/** The dead man's alarm: a look at the age of every backup, on a schedule of its own, whatever else runs or does not. */
export class FreshnessLook extends Construct {
  constructor(scope: Construct, id: string, resources: SiteResources, ledger: LedgerRights) {
    super(scope, id);
    const { tells, make } = prepareFunctions(this, 'backup', resources);
    const look = make('judge-freshness', judgeFreshness, tells, {
      description: 'Looks how old the last verified backup of each policy is',
      timeout: TELLING,
    });
    ledger.judgeFreshness(look.role);
    ledger.tell(look.role);
    grantWriteFreshness(look.role);
    const scheduler = new Role(this, 'SchedulerRole', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': resources.site.account } },
      }),
    });
    acknowledgeWildcard(scheduler, `${look.function.functionArn}:*`, VERSIONS_REASON);
    const period = Duration.seconds(FRESHNESS_PERIOD_SECONDS);
    new Schedule(this, 'Schedule', {
      description: 'Looks how old backups are',
      schedule: ScheduleExpression.rate(period),
      target: new LambdaInvoke(look.function, {
        role: scheduler,
        deadLetterQueue: new DeadLetterQueue(this, 'NotLooked').queue,
        // The next look makes up for it.
        maxEventAge: period,
        retryAttempts: 5,
      }),
    });
  }
}

const VERSIONS_REASON = 'CDK lets a schedule start every version of a function; this one has but the newest.';
