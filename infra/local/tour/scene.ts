import type { Stage } from './stage.ts';

/** One scene of the tour; it verifies what it says against the real parts. */
export interface Scene<On = Stage> {
  readonly title: string;
  /** What it needs of the local cluster and does not find in, or do to, a cluster of the user's own. */
  readonly needsLocalCluster?:
    | 'it needs pods that crash on demand'
    | 'it puts things into the cluster that belong in none'
    | 'it needs a GitLab whose backup runs on this machine';
  /** @throws SceneFailed when something did not go as told. */
  play(stage: On): Promise<void>;
}
