import type { ValuesRule } from '../rule.ts';
import { argumentForm } from './argument-form.ts';
import { bundledServices } from './bundled-services.ts';
import { cronTemplate } from './cron-template.ts';
import { defaultBuckets } from './default-buckets.ts';
import { disruptedRuns } from './disrupted-runs.ts';
import { endlessRuns } from './endless-runs.ts';
import { evictableRuns } from './evictable-runs.ts';
import { fixedName } from './fixed-name.ts';
import { gitalyVolumes } from './gitaly-volumes.ts';
import { ingressNginx } from './ingress-nginx.ts';
import { mixedConnections } from './mixed-connections.ts';
import { otherActions } from './other-actions.ts';
import { overlappingRuns } from './overlapping-runs.ts';
import { postgresqlVersion } from './postgresql-version.ts';
import { praefectSecret } from './praefect-secret.ts';
import { praefectTls } from './praefect-tls.ts';
import { redisContent } from './redis-content.ts';
import { registryBucket } from './registry-bucket.ts';
import { registryDatabase } from './registry-database.ts';
import { restoreSpace } from './restore-space.ts';
import { retriedRuns } from './retried-runs.ts';
import { roleEndpoint } from './role-endpoint.ts';
import { s3cfgSecret } from './s3cfg-secret.ts';
import { s3cmdArtifacts } from './s3cmd-artifacts.ts';
import { s3cmdCeiling } from './s3cmd-ceiling.ts';
import { scratchSpace } from './scratch-space.ts';
import { serverSideTarget } from './server-side-target.ts';
import { sharedBuckets } from './shared-buckets.ts';
import { skipLists } from './skip-lists.ts';
import { skippedEssentials } from './skipped-essentials.ts';
import { skippedRepositories } from './skipped-repositories.ts';
import { tmpBucket } from './tmp-bucket.ts';
import { toolPruning } from './tool-pruning.ts';
import { twoClocks } from './two-clocks.ts';
import { unknownFlags } from './unknown-flags.ts';
import { unknownSkips } from './unknown-skips.ts';

/** Every rule, in the order in which reports show them. Adding one is a file and a line here. */
export const RULES: readonly ValuesRule[] = [
  // Whether and when a backup runs.
  cronTemplate,
  twoClocks,
  overlappingRuns,
  retriedRuns,
  endlessRuns,
  evictableRuns,
  disruptedRuns,
  // What it is told.
  argumentForm,
  otherActions,
  skippedRepositories,
  serverSideTarget,
  skippedEssentials,
  unknownSkips,
  skipLists,
  fixedName,
  toolPruning,
  unknownFlags,
  // Whether it fits.
  scratchSpace,
  restoreSpace,
  s3cmdCeiling,
  s3cmdArtifacts,
  // Where data and archives lie.
  s3cfgSecret,
  sharedBuckets,
  tmpBucket,
  defaultBuckets,
  registryBucket,
  mixedConnections,
  roleEndpoint,
  // What GitLab stands on.
  gitalyVolumes,
  registryDatabase,
  postgresqlVersion,
  praefectTls,
  praefectSecret,
  bundledServices,
  ingressNginx,
  redisContent,
];
