import type { ReadObject } from '../../clients/kubernetes-scaling.ts';
import type { RestoreFinding, RestoreJobNote } from '../../records/backup/restore.ts';
import type { ScalableKind } from '../../records/backup/restore-plan.ts';
import type { TouchedObject } from '../../records/backup/restore-touched.ts';
import type { SetReference } from '../../records/backup/run.ts';

/** What one look at the step at hand comes to. */

/** One change of one object; each can be done twice. */
export type Change =
  | {
      readonly deed: 'scaled';
      readonly object: ReadObject & { readonly kind: ScalableKind };
      readonly replicas: number;
    }
  | {
      readonly deed: 'restarted';
      readonly object: ReadObject & { readonly kind: ScalableKind };
      readonly cause: string;
    }
  /** `annotation` undefined: it is taken away. */
  | { readonly deed: 'paused'; readonly object: ReadObject; readonly annotation: string | undefined }
  | { readonly deed: 'suspended'; readonly object: ReadObject; readonly suspended: boolean }
  /** A Job that has failed and would go on. */
  | { readonly deed: 'deleted'; readonly object: ReadObject }
  /** `of-before`: what was saved of it; where there was none, it is taken away. */
  | {
      readonly deed: 'replaced';
      readonly object: Pick<ReadObject, 'namespace' | 'name'>;
      readonly id: string;
      readonly content: 'of-set' | 'of-before';
    };

/** What a look saw of an object that was touched. `again`: it is set back no more, since it was touched again. */
export interface Mark {
  readonly key: string;
  readonly mark: 'done' | 'undone' | 'again';
  /** Why it was not set back. */
  readonly left?: string;
}

export type StepVerdict =
  /** There is something to do: the changes, a Job, or what else the step is. */
  | { readonly state: 'act'; readonly message: string }
  | { readonly state: 'wait'; readonly seconds: number; readonly message: string }
  | { readonly state: 'done'; readonly message: string }
  | { readonly state: 'failed'; readonly reasons: readonly string[] };

export interface StepTurn {
  readonly verdict: StepVerdict;
  /** Objects as they are before they are touched for the first time: written down before any change. */
  readonly notes: readonly TouchedObject[];
  readonly marks: readonly Mark[];
  /** In the order in which they are made. */
  readonly changes: readonly Change[];
  /** A Job as it is to be noted; one without a uid is to be made, and is written down before. */
  readonly job?: RestoreJobNote;
  readonly findings: readonly RestoreFinding[];
  /** The safety backup, when it was found whole. */
  readonly safetySet?: SetReference;
}

/** A turn that changes nothing. */
export const plainTurn = (verdict: StepVerdict, findings: readonly RestoreFinding[] = []): StepTurn => ({
  verdict,
  notes: [],
  marks: [],
  changes: [],
  findings,
});

export const done = (message: string): StepVerdict => ({ state: 'done', message });
export const failed = (...reasons: readonly string[]): StepVerdict => ({ state: 'failed', reasons });
export const waitFor = (seconds: number, message: string): StepVerdict => ({
  state: 'wait',
  seconds,
  message,
});
export const act = (message: string): StepVerdict => ({ state: 'act', message });

/** Tells objects that were touched apart: one deed is done to one object once. */
export const keyOf = ({
  deed,
  object,
}: Pick<TouchedObject, 'deed'> & {
  readonly object: Pick<TouchedObject['object'], 'kind' | 'name'>;
}): string => `${deed} ${object.kind}/${object.name}`;
