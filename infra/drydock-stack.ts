import { Annotations, CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { drillFactPrefix } from '../functions/records/backup/drill-inspection.ts';
import {
  RESTORE_EXTENSION_PREFIX,
  RESTORE_INSPECTION_PREFIX,
} from '../functions/records/backup/restore-limits.ts';
import { RESTORE_APPROVAL_PREFIX, RESTORE_PLAN_PREFIX } from '../functions/records/backup/restore-plan.ts';
import { BACKUP_LOG_PREFIX, BACKUP_RUN_PREFIX } from '../functions/records/backup/run.ts';
import { UPKEEP_PREFIX } from '../functions/records/backup/upkeep.ts';
import { findBackupOverlaps } from '../functions/records/configuration/backup-overlaps.ts';
import { narrowToSite } from '../functions/records/configuration/narrow-to-site.ts';
import type { Configuration } from '../functions/records/configuration.ts';
import { CONTAINER_LOG_PREFIX } from '../functions/records/container-log.ts';
import { DEFERRAL_PREFIX } from '../functions/records/deferral.ts';
import { SENT_PREFIX } from '../functions/records/message.ts';
import { ROLLOUT_PREFIX } from '../functions/records/rollout.ts';
import { UNREADABLE_PREFIX } from '../functions/records/unreadable-webhook.ts';
import { COLLECTION_PREFIX } from '../functions/records/upgrade/facts.ts';
import { Backup } from './backup.ts';
import { Alarms } from './constructs/alarms.ts';
import { ConfigurationLayer } from './constructs/configuration-layer.ts';
import { SiteDashboard } from './constructs/dashboard.ts';
import { LedgerBucket } from './constructs/ledger-bucket.ts';
import { NotificationTopic } from './constructs/notification-topic.ts';
import { applyRoleSettings } from './constructs/role-settings.ts';
import { SiteKey } from './constructs/site-key.ts';
import { addControl } from './control.ts';
import { Deployment } from './deployment.ts';
import { type NamedSite, provideSite } from './site.ts';
import type { SiteResources } from './site-resources.ts';
import { Upgrade } from './upgrade.ts';

export interface DrydockStackProps extends StackProps {
  readonly site: NamedSite;
  /** The whole of `drydock.yaml`; the stack takes what belongs to its site. */
  readonly configuration: Configuration;
}

/** Days that log lines of a customer's containers are kept: long enough for a morning after a holiday. */
const CONTAINER_LOG_DAYS = 14;
/**
 * Days that notes of single executions are kept: plans, sent messages, events that were deferred or not understood.
 * As long as Step Functions remembers the name of an execution, so that a repeat still finds them.
 */
const NAME_DAYS = 90;
/** Days that a rollout is kept: the way back past a release is asked for as long as that release may run. */
const ROLLOUT_DAYS = 400;

/** Days that collected facts are kept: a report quotes what matters of them, so only a doubt about it asks for them. */
const COLLECTION_DAYS = 14;
/** Days that the pages of reports, and plans, are kept: longer than a Kubernetes version is supported without surcharge. */
const PAGE_DAYS = 400;

/** Everything of one site: what its capabilities share, each capability that has a section, and who watches them. */
export class DrydockStack extends Stack {
  constructor(scope: Construct, id: string, { site, configuration: whole, ...props }: DrydockStackProps) {
    super(scope, id, props);
    provideSite(this, site);
    applyRoleSettings(this);

    const configuration = narrowToSite(whole, site.name);
    for (const [index, overlap] of findBackupOverlaps(configuration).entries()) {
      Annotations.of(this).addWarningV2(`drydock:backup-overlap-${index}`, overlap);
    }
    const { key } = new SiteKey(this, 'SiteKey');
    const resources: SiteResources = {
      site,
      configuration,
      layer: new ConfigurationLayer(this, 'Configuration', configuration),
      ledger: new LedgerBucket(this, 'Ledger', {
        key,
        expiry: {
          [CONTAINER_LOG_PREFIX]: Duration.days(CONTAINER_LOG_DAYS),
          'deployment/plans/': Duration.days(NAME_DAYS),
          [DEFERRAL_PREFIX]: Duration.days(NAME_DAYS),
          [UNREADABLE_PREFIX]: Duration.days(NAME_DAYS),
          [SENT_PREFIX]: Duration.days(NAME_DAYS),
          [ROLLOUT_PREFIX]: Duration.days(ROLLOUT_DAYS),
          [COLLECTION_PREFIX]: Duration.days(COLLECTION_DAYS),
          'upgrade/pages/': Duration.days(PAGE_DAYS),
          'upgrade/plans/': Duration.days(PAGE_DAYS),
          'upgrade/approvals/': Duration.days(PAGE_DAYS),
          'upgrade/manifests/': Duration.days(NAME_DAYS),
          [BACKUP_LOG_PREFIX]: Duration.days(CONTAINER_LOG_DAYS),
          [BACKUP_RUN_PREFIX]: Duration.days(NAME_DAYS),
          [UPKEEP_PREFIX]: Duration.days(NAME_DAYS),
          [RESTORE_INSPECTION_PREFIX]: Duration.days(NAME_DAYS),
          [RESTORE_EXTENSION_PREFIX]: Duration.days(NAME_DAYS),
          [RESTORE_PLAN_PREFIX]: Duration.days(PAGE_DAYS),
          [RESTORE_APPROVAL_PREFIX]: Duration.days(PAGE_DAYS),
          ...Object.fromEntries(
            listDrilled(configuration).map((name) => [drillFactPrefix(name), Duration.days(NAME_DAYS)]),
          ),
        },
      }),
      topic: new NotificationTopic(this, 'Notifications', { key, subscribe: site.notifications.subscribe }),
    };
    const { deployment, upgrade, backup } = configuration;
    const deploymentScope = deployment
      ? new Deployment(this, 'Deployment', resources, deployment)
      : new Construct(this, 'Deployment');
    if (deployment || upgrade || backup) addControl(deploymentScope, resources, deployment !== undefined);
    if (upgrade) new Upgrade(this, 'Upgrade', resources, upgrade);
    const backups = backup && new Backup(this, 'Backup', resources);

    const { topic } = resources.topic;
    const { alarms } = new Alarms(this, 'Alarms', { watched: this, topic });
    new SiteDashboard(this, 'Overview', { watched: this, alarms: [...alarms, ...(backups?.alarms ?? [])] });
    new CfnOutput(this, 'LedgerBucket', { value: resources.ledger.bucket.bucketName }).overrideLogicalId(
      'LedgerBucketName',
    );
    new CfnOutput(this, 'TopicArn', { value: topic.topicArn });
    new CfnOutput(this, 'KeyArn', { value: key.keyArn });
  }
}

/** Environments whose restore is rehearsed. */
const listDrilled = ({ backup }: Configuration): string[] =>
  Object.entries(backup?.environments ?? {})
    .filter(([, { restore }]) => restore.drill)
    .map(([name]) => name);
