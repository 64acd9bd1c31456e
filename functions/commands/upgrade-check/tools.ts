import type { AwsAccount } from '../../clients/aws-account.ts';
import type { EksReader } from '../../clients/eks/eks-reader.ts';
import type { KubeconfigChoice } from '../../clients/kubeconfig-connection.ts';
import type { KubernetesReader } from '../../clients/kubernetes-reader.ts';
import type { UpgradeReport } from '../../records/upgrade/report.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { Check } from '../../upgrade/check.ts';
import type { Collector } from '../../upgrade/reading/collection.ts';

/** What the command works with; a test brings its own. */
export interface UpgradeCheckTools {
  /** @throws RefusedError of `openKubeconfig`. */
  readonly openCluster: (choice: KubeconfigChoice) => UserCluster;
  /** @param profile the AWS profile that the kubeconfig names. */
  readonly openAws: (
    region: string,
    profile: string | undefined,
  ) => { readonly eks: EksReader; readonly account: AwsAccount };
  readonly collectors: readonly Collector[];
  readonly checks: readonly Check[];
  readonly clock: Clock;
  readonly readStdin: () => Promise<string>;
  readonly write: (file: string, content: string) => Promise<void>;
  /** Shows how far it is; an empty line ends that. */
  readonly showProgress: (line: string) => void;
  /** Region of the environment, when nothing else names one. */
  readonly region: string | undefined;
  /** Columns of the terminal. */
  readonly width: number | undefined;
}

export interface UserCluster {
  readonly context: string;
  readonly kubernetes: KubernetesReader;
  readonly eks: { readonly cluster?: string; readonly region?: string };
  readonly profile?: string;
}

/** Arguments or files that have to be written otherwise. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export interface MadeReport {
  readonly report: UpgradeReport;
  /** What more could be seen, and how. */
  readonly hints: readonly string[];
}
