import type { ObjectKeys } from '../../../clients/object-keys.ts';
import type { MarkProgress, PartProblem } from '../../../records/backup/mark-progress.ts';
import type { ReleaseFacts } from '../../../records/backup/release-facts.ts';
import type { SetReference } from '../../../records/backup/run.ts';
import type { BackupSet } from '../../../records/backup/set.ts';
import type { BackupPart } from '../../../records/backup/set-parts.ts';
import type { JobFact } from '../../run/job-fact.ts';
import type { Policy } from '../expected-parts.ts';
import type { MarkSources } from '../look-again.ts';

/** What a stage of marking goes by. */
export interface StageView {
  readonly reference: SetReference;
  readonly set: BackupSet;
  readonly policy: Policy;
  readonly progress: MarkProgress;
  readonly release: ReleaseFacts | undefined;
  /** Undefined for a set without one. */
  readonly job: JobFact | undefined;
  readonly now: Date;
  /** Asked before the next page of a long list. */
  readonly hasTime: () => boolean;
  /** Asked before anything outside is changed; throws when the run was ended. */
  readonly mayWrite: () => Promise<void>;
  readonly signal: AbortSignal;
}

export interface StageSources extends MarkSources {
  readonly keys: ObjectKeys;
}

export type StageResult =
  | {
      readonly state: 'waiting';
      /** A sentence: what is waited for. */
      readonly message: string;
      readonly waitSeconds: number;
      readonly progress: MarkProgress;
    }
  | {
      readonly state: 'done';
      readonly parts: readonly BackupPart[];
      readonly problems: readonly PartProblem[];
      readonly off?: readonly string[] | undefined;
    };

export type StageRule = (view: StageView, sources: StageSources) => Promise<StageResult>;

/** What may pass is waited for a while; behind that the set says what nobody could look at. */
export const waitForAnswer = (
  { now }: Pick<StageView, 'now'>,
  progress: MarkProgress,
  problems: readonly PartProblem[],
): StageResult => ({
  state: 'waiting',
  message: problems[0]?.message ?? 'Somebody does not answer.',
  waitSeconds: ANSWER_SECONDS,
  progress: { ...progress, silentSince: progress.silentSince ?? now.toISOString() },
});

/** The clients have asked several times before they give up. */
const ANSWER_SECONDS = 30;
