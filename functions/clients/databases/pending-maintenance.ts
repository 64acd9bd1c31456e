import {
  type ClusterPendingModifiedValues,
  type PendingModifiedValues,
  paginateDescribePendingMaintenanceActions,
} from '@aws-sdk/client-rds';
import type { PendingMaintenance } from '../databases.ts';
import { callRds } from './rds-call.ts';

/**
 * DescribePendingMaintenanceActions: what has a date on which it is applied. What nobody asked for and RDS does not
 * force has none, and waits for ever.
 *
 * Source: RDS API reference, `PendingMaintenanceAction`: CurrentApplyDate.
 */
export const readPendingActions = (
  region: string,
  arn: string,
  signal: AbortSignal | undefined,
): Promise<PendingMaintenance[]> =>
  callRds(
    { operation: 'DescribePendingMaintenanceActions', about: `database ${arn}`, region },
    signal,
    async (client, options) => {
      const found: PendingMaintenance[] = [];
      const pages = paginateDescribePendingMaintenanceActions(
        { client },
        { ResourceIdentifier: arn },
        options,
      );
      for await (const { PendingMaintenanceActions = [] } of pages) {
        for (const { PendingMaintenanceActionDetails = [] } of PendingMaintenanceActions) {
          for (const { Action = 'maintenance', CurrentApplyDate } of PendingMaintenanceActionDetails) {
            if (CurrentApplyDate) found.push({ action: Action, appliesAt: CurrentApplyDate.toISOString() });
          }
        }
      }
      return found;
    },
  );

/**
 * Changes that were asked for and wait for the next window. A new password is set at once, and log exports restart
 * nothing. Source: RDS API reference, `PendingModifiedValues`.
 */
export const nameChanges = (
  values: PendingModifiedValues | ClusterPendingModifiedValues | undefined,
): PendingMaintenance[] =>
  Object.entries(values ?? {})
    .filter(([name, value]) => value !== undefined && !HARMLESS.includes(name))
    .map(([name]) => ({ action: `change of ${name}` }));

const HARMLESS: readonly string[] = [
  'MasterUserPassword',
  'PendingCloudwatchLogsExports',
  'AutomationMode',
  'ResumeFullAutomationModeTime',
];
