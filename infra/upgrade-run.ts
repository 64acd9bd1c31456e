import { fileURLToPath } from 'node:url';
import { Duration } from 'aws-cdk-lib';
import type { Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { UPGRADE_GROUP } from '../functions/records/cluster-group.ts';
import { LOCK_PREFIX } from '../functions/records/lock.ts';
import { MAINTENANCE_PREFIX } from '../functions/records/maintenance.ts';
import { UNSENT_PREFIX } from '../functions/records/message.ts';
import { MAX_UPGRADE_POLLS } from '../functions/records/upgrade/limits.ts';
import { APPROVAL_PREFIX } from '../functions/records/upgrade/plan.ts';
import * as acceptApproval from '../functions/upgrade/accept-approval.contract.ts';
import * as advanceUpgrade from '../functions/upgrade/advance-upgrade.contract.ts';
import * as beginUpgrade from '../functions/upgrade/begin-upgrade.contract.ts';
import * as checkGates from '../functions/upgrade/check-gates.contract.ts';
import * as finishUpgrade from '../functions/upgrade/finish-upgrade.contract.ts';
import * as planUpgrade from '../functions/upgrade/plan-upgrade.contract.ts';
import * as requestApproval from '../functions/upgrade/request-approval.contract.ts';
import { prepareFunctions } from './capability-functions.ts';
import { addAccessEntries } from './constructs/access-entries.ts';
import { AslStateMachine } from './constructs/asl-state-machine.ts';
import { makeLambdaRole } from './constructs/node-lambda.ts';
import { grantReadSecrets } from './constructs/secret-rights.ts';
import { listClusters, type SiteResources } from './site-resources.ts';
import { grantReadAccount, grantReadEks, grantRefreshInsights, grantUpdateEks } from './upgrade-rights.ts';

/** What an upgrade keeps in the ledger, and what it looks at. */
const PLANS = 'upgrade/plans/';
const RUNS = 'upgrade/runs/';
const CLUSTERS = 'upgrade/clusters/';
const REPORTS = 'upgrade/reports/';
const BACKUPS = 'backup/verified/';
const CONTROLS = 'controls/';
const MESSAGES = 'messages/';

/** Below the `TimeoutSeconds` of the Tasks that call them: 45, 90, 120 and 330. */
const QUICK = Duration.seconds(30);
const TELLING = Duration.seconds(75);
const ASKING = Duration.seconds(100);
const READING = Duration.seconds(300);
/** MB. Reads nodes and workloads of a whole cluster, page by page. */
const READING_MEMORY_MB = 1769;

/**
 * The machine that carries an upgrade out, with a role for each of its steps. The one that may change a version is
 * that of a single function, and only on clusters whose owner is Drydock.
 */
export class UpgradeRun extends Construct {
  readonly machine: AslStateMachine;
  /** Reads clusters for a plan. */
  readonly planRole: Role;
  /** Reads clusters, and begins updates. */
  readonly advanceRole: Role;

  constructor(scope: Construct, id: string, resources: SiteResources) {
    super(scope, id);
    this.planRole = makePlanRole(this, resources);
    this.advanceRole = makeAdvanceRole(this, resources);
    const functions = makeRunFunctions(this, resources, this.planRole, this.advanceRole);
    grantRunRights(resources, functions);
    this.machine = new AslStateMachine(this, 'Machine', {
      name: 'upgrade',
      file: fileURLToPath(new URL('../state-machines/upgrade.asl.json', import.meta.url)),
      functions: {
        PlanUpgrade: functions.planUpgrade,
        CheckGates: functions.checkGates,
        RequestApproval: functions.requestApproval,
        AcceptApproval: functions.acceptApproval,
        BeginUpgrade: functions.beginUpgrade,
        AdvanceUpgrade: functions.advanceUpgrade,
        FinishUpgrade: functions.finishUpgrade,
      },
      loops: { AdvanceUpgrade: MAX_UPGRADE_POLLS },
    });
  }
}

const makeRunFunctions = (scope: Construct, resources: SiteResources, planRole: Role, advanceRole: Role) => {
  const { network } = resources.site;
  const { records, tells, make } = prepareFunctions(scope, 'upgrade', resources);

  return {
    planUpgrade: make('plan-upgrade', planUpgrade, records, {
      description: 'Makes the plan of an upgrade, or of the way back',
      timeout: READING,
      memory: READING_MEMORY_MB,
      role: planRole,
      network,
    }),
    checkGates: make('check-gates', checkGates, records, {
      description: 'Looks at every gate in front of an upgrade',
      timeout: ASKING,
    }),
    requestApproval: make('request-approval', requestApproval, tells, {
      description: 'Sends a plan to people, with the command that approves it',
      timeout: QUICK,
    }),
    acceptApproval: make('accept-approval', acceptApproval, records, {
      description: 'Judges the answer to a request for approval',
      timeout: QUICK,
    }),
    beginUpgrade: make('begin-upgrade', beginUpgrade, tells, {
      description: 'Takes a cluster for an upgrade, or hands the plan over',
      timeout: ASKING,
      network,
    }),
    advanceUpgrade: make('advance-upgrade', advanceUpgrade, tells, {
      description: 'Looks at an upgrade and begins its next step',
      timeout: READING,
      memory: READING_MEMORY_MB,
      role: advanceRole,
      network,
    }),
    finishUpgrade: make('finish-upgrade', finishUpgrade, tells, {
      description: 'Ends an upgrade: record, lock, mark of maintenance, message',
      timeout: TELLING,
    }),
  };
};

type RunFunctions = ReturnType<typeof makeRunFunctions>;

/** Reads clusters and the account around them, and writes plans. */
const makePlanRole = (scope: Construct, resources: SiteResources): Role => {
  const role = makeLambdaRole(scope, 'PlanRole');
  const clusters = listClusters(resources);
  grantReadEks(role, clusters);
  grantReadAccount(role);
  resources.ledger.grantReadWrite(role, PLANS);
  addAccessEntries(scope, clusters, role, UPGRADE_GROUP, 'PlanAccessEntry');
  return role;
};

/** Reads clusters, and changes versions of those that drydock.yaml gives it; of others it cannot. */
const makeAdvanceRole = (scope: Construct, resources: SiteResources): Role => {
  const role = makeLambdaRole(scope, 'AdvanceRole');
  const clusters = listClusters(resources);
  grantReadEks(role, clusters);
  grantRefreshInsights(role, clusters);
  grantUpdateEks(role, listOwnClusters(resources));
  resources.ledger.grantRead(role, PLANS, CONTROLS);
  resources.ledger.grantReadWrite(role, RUNS, LOCK_PREFIX, MAINTENANCE_PREFIX);
  resources.ledger.grantRemove(role, MAINTENANCE_PREFIX);
  addAccessEntries(scope, clusters, role, UPGRADE_GROUP, 'AdvanceAccessEntry');
  return role;
};

/** Clusters whose owner is Drydock. */
const listOwnClusters = ({ configuration }: SiteResources): string[] => [
  ...new Set(
    Object.entries(configuration.upgrade?.environments ?? {}).flatMap(([name, { owner }]) =>
      owner === 'drydock' ? (configuration.environments[name]?.cluster.name ?? []) : [],
    ),
  ),
];

const grantRunRights = (resources: SiteResources, functions: RunFunctions): void => {
  const { ledger, topic } = resources;
  const { checkGates, requestApproval, acceptApproval, beginUpgrade, advanceUpgrade, finishUpgrade } =
    functions;
  for (const { role } of [checkGates, beginUpgrade]) {
    grantReadEks(role, listClusters(resources));
    ledger.grantRead(role, PLANS, CLUSTERS, REPORTS, BACKUPS, CONTROLS, LOCK_PREFIX);
  }
  ledger.grantRead(requestApproval.role, PLANS);
  ledger.grantRead(acceptApproval.role, PLANS);
  ledger.grantReadWrite(acceptApproval.role, APPROVAL_PREFIX);

  ledger.grantRead(beginUpgrade.role, APPROVAL_PREFIX);
  ledger.grantReadWrite(beginUpgrade.role, RUNS, LOCK_PREFIX, MAINTENANCE_PREFIX);
  ledger.grantRemove(beginUpgrade.role, MAINTENANCE_PREFIX);
  // Each minor has a merge request of its own: the first when the plan is handed over, the others when it is their turn.
  for (const { role } of [beginUpgrade, advanceUpgrade]) {
    grantReadSecrets(role, listMergeRequestSecrets(resources));
  }

  grantEndUpgrade(resources, finishUpgrade.role);
  for (const { role } of [requestApproval, beginUpgrade, advanceUpgrade, finishUpgrade]) {
    ledger.grantReadWrite(role, MESSAGES);
    ledger.grantRemove(role, UNSENT_PREFIX);
    topic.grantPublish(role);
  }
};

/** What ending an upgrade needs beside telling it: of its last step, and of whoever hears that it died. */
export const grantEndUpgrade = ({ ledger }: SiteResources, role: Role): void => {
  ledger.grantRead(role, PLANS);
  ledger.grantReadWrite(role, RUNS, LOCK_PREFIX, MAINTENANCE_PREFIX);
  ledger.grantRemove(role, MAINTENANCE_PREFIX);
};

/** The tokens with which changes of version are offered. */
const listMergeRequestSecrets = ({ configuration }: SiteResources): string[] => [
  ...new Set(
    Object.values(configuration.upgrade?.environments ?? {}).flatMap(({ gitlab }) =>
      gitlab?.mergeRequest ? [gitlab.token.secret] : [],
    ),
  ),
];
