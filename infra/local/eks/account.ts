import type {
  Addon,
  AddonInfo,
  Cluster,
  ClusterVersionInformation,
  ErrorDetail,
  FargateProfile,
  Insight,
  Nodegroup,
} from '@aws-sdk/client-eks';
import type { AccessEntry } from './access-entries.ts';
import { type Body, type Call, EksException } from './answer.ts';
import { type EksUpdate, settleUpdates, type UpdateScript } from './update-log.ts';

/** What the stand-in knows of one cluster, in the SDK's own shapes. */
export interface EksCluster {
  description: Cluster & { readonly name: string; version: string };
  /** By principal ARN. */
  readonly accessEntries: Map<string, AccessEntry>;
  insights: Insight[];
  /** What the last look at its way back has shown; a look is a refresh, the end of an upgrade, or a rollback. */
  readiness?: Insight[];
  refresh?: InsightsRefresh;
  /** What a refresh will find, when that differs from what was known before. */
  found?: Insight[];
  /** The next refresh fails with this message. */
  nextRefreshFailure?: string;
  readonly addons: Map<string, Addon>;
  readonly nodeGroups: Map<string, Nodegroup>;
  readonly fargateProfiles: Map<string, FargateProfile>;
  readonly updates: EksUpdate[];
  /** The last upgrade in place: the way back is open for some days, and closed by the next upgrade. */
  upgrade?: { readonly from: string; readonly endedAt: Date };
}

export interface InsightsRefresh {
  readonly startedAt: Date;
  readonly endsAt: Date;
  /** Has its result reached the insights? */
  isShown: boolean;
  /** It fails with this message. */
  readonly failure?: string;
}

/** What happens to the real cluster behind the stand-in when a node group or an add-on has moved. */
export interface EksHooks {
  /** Awaited before the update ends; what it returns are the errors that fail the update. */
  readonly onNodeGroupUpdated?: (moved: {
    readonly cluster: string;
    readonly nodeGroup: string;
    /** `1.36`. */
    readonly version: string;
  }) => Promise<readonly ErrorDetail[] | void>;
  readonly onAddonUpdated?: (moved: {
    readonly cluster: string;
    readonly addon: string;
    /** `v1.36.0-eksbuild.2`. */
    readonly version: string;
  }) => Promise<readonly ErrorDetail[] | void>;
}

/** One account and region, and how time passes in it. */
export interface EksAccount {
  readonly region: string;
  readonly account: string;
  readonly clusters: Map<string, EksCluster>;
  /** Versions that EKS offers or offered. */
  versions: readonly ClusterVersionInformation[];
  addonCatalogue: readonly AddonInfo[];
  /** The clock of clusters and updates. */
  readonly now: () => Date;
  /** How long an update takes; an insights refresh takes as long. */
  updateSeconds: number;
  /** Most items in a page; small ones show whether a caller pages. */
  readonly pageSize: number;
  /** Updates that are to go another way than well, in the order in which they are taken. */
  readonly scripts: UpdateScript[];
  hooks: EksHooks;
}

/** One operation of the EKS API: `GET /clusters/{}/addons/{}`, with `{}` for a variable part. */
export interface Operation {
  readonly name: string;
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  answer(account: EksAccount, call: Call): Body | Promise<Body>;
}

/** The cluster that a call names, with every update ended whose time is over. @throws EksException */
export const openCluster = async (account: EksAccount, { path }: Call): Promise<EksCluster> => {
  const name = path[0] ?? '';
  const cluster = account.clusters.get(name);
  if (!cluster) throw new EksException('ResourceNotFoundException', `No cluster found for name: ${name}.`);
  await settleUpdates(cluster.updates, account.now());
  return cluster;
};

/** `arn:aws:eks:eu-central-1:111122223333:cluster/local`. */
export const writeArn = ({ region, account }: Pick<EksAccount, 'region' | 'account'>, rest: string): string =>
  `arn:aws:eks:${region}:${account}:${rest}`;
