import { defaultUpgradeSettings } from '../../functions/records/configuration/upgrade.ts';
import type { ClusterSubject } from '../../functions/upgrade/cluster-subjects.ts';

/** A cluster of a site with one environment on it. */
export const buildSubject = (cluster: string, overrides: Partial<ClusterSubject> = {}): ClusterSubject => ({
  cluster,
  region: 'eu-central-1',
  environments: [`${cluster}-environment`],
  settings: defaultUpgradeSettings(),
  ...overrides,
});
