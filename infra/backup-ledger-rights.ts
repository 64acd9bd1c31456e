import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import { FRESHNESS_METRIC } from '../functions/records/backup/freshness-metric.ts';
import { BACKUP_LOG_PREFIX, BACKUP_RUN_PREFIX } from '../functions/records/backup/run.ts';
import { UPKEEP_PREFIX } from '../functions/records/backup/upkeep.ts';
import { LOCK_PREFIX } from '../functions/records/lock.ts';
import { UNSENT_PREFIX } from '../functions/records/message.ts';
import type { SiteResources } from './site-resources.ts';
import { isLeftOut } from './stage.ts';

/** What roles of the backup capability may do in the ledger. */

const SETS = 'backup/sets/';
/** Indexes, freshness, and what was told of both. */
const ENVIRONMENTS = 'backup/environments/';
/** What gates go by. */
const GATES = 'backup/verified/';
const CONTROLS = 'controls/';
const MESSAGES = 'messages/';

export type LedgerRights = ReturnType<typeof prepareLedgerRights>;

/** The grants that several steps share, by what they are for. */
export const prepareLedgerRights = ({ ledger, topic }: SiteResources) => ({
  /** Changing sets: the manifest, the index of its policy, and what gates go by. */
  changeSets: (role: Role): void => {
    ledger.grantReadWrite(role, SETS, ENVIRONMENTS, GATES);
    ledger.grantRemove(role, GATES);
  },
  readSets: (role: Role): void => ledger.grantRead(role, SETS, ENVIRONMENTS),
  /** What a run learned on its way. */
  changeRuns: (role: Role): void => ledger.grantReadWrite(role, BACKUP_RUN_PREFIX),
  takeLocks: (role: Role): void => ledger.grantReadWrite(role, LOCK_PREFIX),
  readControls: (role: Role): void => ledger.grantRead(role, CONTROLS),
  writeLogs: (role: Role): void => ledger.grantWrite(role, BACKUP_LOG_PREFIX),
  readPlans: (role: Role): void => ledger.grantRead(role, UPKEEP_PREFIX),
  /** What people were told of an environment. */
  noteTold: (role: Role): void => ledger.grantReadWrite(role, ENVIRONMENTS),
  changePlans: (role: Role): void => ledger.grantReadWrite(role, UPKEEP_PREFIX),
  /** Reading indexes, and keeping what was seen. */
  judgeFreshness: (role: Role): void => {
    ledger.grantReadWrite(role, ENVIRONMENTS);
    ledger.grantRead(role, GATES, CONTROLS);
  },
  tell: (role: Role): void => {
    ledger.grantReadWrite(role, MESSAGES);
    ledger.grantRemove(role, UNSENT_PREFIX);
    topic.grantPublish(role);
  },
});

/** Writing the one metric, and no other. CloudWatch knows no resources for that. */
export const grantWriteFreshness = (role: Role): void => {
  role.addToPolicy(
    new PolicyStatement({
      actions: ['cloudwatch:PutMetricData'],
      resources: ['*'],
      ...(isLeftOut(role, 'metricNamespace')
        ? {}
        : { conditions: { StringEquals: { 'cloudwatch:namespace': FRESHNESS_METRIC.namespace } } }),
    }),
  );
};
