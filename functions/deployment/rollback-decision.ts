/** What a rollback decision rests on. */
export interface RollbackFacts {
  /** `auto`: Drydock rolls back; `report`: it tells a person; `never`: it must not, for example after a migration. */
  readonly rollback: 'auto' | 'report' | 'never';
  /** The image the container had before, as it would be put back. */
  readonly previousImage: string;
  /** The image that this rollout set. */
  readonly ourImage: string;
  /** What the container has now; undefined when workload or container are gone. */
  readonly currentImage: string | undefined;
  readonly pause: { ok: true } | { ok: false; reason: string };
}

export type RollbackDecision =
  | { readonly rollBack: true }
  | { readonly rollBack: false; readonly code: string; readonly reason: string };

const no = (code: string, reason: string): RollbackDecision => ({ rollBack: false, code, reason });

/** Decides whether a failed rollout is taken back: only when allowed, and only while our image still stands there. */
export const decideRollback = (facts: RollbackFacts): RollbackDecision => {
  if (facts.currentImage === undefined) return no('gone', 'the workload or its container is gone');
  if (facts.currentImage !== facts.ourImage) {
    return no(
      'changed',
      `somebody set the image to ${facts.currentImage} meanwhile; a later change of a person wins`,
    );
  }
  if (facts.rollback === 'never') return no('forbidden', 'the target forbids rollbacks (`rollback: never`)');
  if (facts.rollback === 'report') {
    return no('report', 'the target is set to report failures, not to roll back (`rollback: report`)');
  }
  if (facts.previousImage === facts.ourImage)
    return no('no-previous', 'there is no earlier image to go back to');
  if (!facts.pause.ok) return no('paused', facts.pause.reason);
  return { rollBack: true };
};
