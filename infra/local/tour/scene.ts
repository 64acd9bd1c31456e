import type { Stage } from './stage.ts';

/** One scene of the tour; it verifies what it says against the real parts. */
export interface Scene<On = Stage> {
  readonly title: string;
  /** Needs pods that crash on demand, which only the local cluster has. */
  readonly needsPods?: true;
  /** @throws SceneFailed when something did not go as told. */
  play(stage: On): Promise<void>;
}
