import { openAwsAccount } from '../../clients/aws-account/open-aws-account.ts';
import { openManifests } from '../../clients/manifest-store.ts';
import type { ClusterSubject } from '../cluster-subjects.ts';
import { openClusterSources } from './cluster-sources.ts';
import type { FactSources } from './collection.ts';

/** Where the facts about the clusters come from, under the role of this Lambda; nothing is called yet. */
export const openSources =
  (ledgerBucket: string) =>
  (subject: ClusterSubject): FactSources => ({
    ...openClusterSources(subject),
    account: openAwsAccount(subject.region),
    manifests: openManifests(ledgerBucket, subject.cluster),
  });
