import type { TargetState } from '../records/target-state.ts';
import { findHold } from './hold.ts';

/** What a container runs now, as its workload and its pods say. */
export interface RunningImage {
  /** Registry host and repository. */
  readonly image: string;
  readonly tag?: string | undefined;
  /** The digest that the workload pins, or that its pods report. */
  readonly digest?: string | undefined;
  /** True when the workload itself names the digest, so that every node runs the same bytes. */
  readonly isPinned: boolean;
}

type Verdict = { ok: true } | { ok: false; reason: string };

/** Everything a decision rests on; the facts are gathered before, so that the rule stays pure. */
export interface DecisionFacts {
  /** The repository that the target follows. */
  readonly image: string;
  readonly mode: 'observe' | 'act';
  readonly candidate: { readonly tag: string; readonly digest: string; readonly redeploy: boolean };
  readonly running: RunningImage;
  readonly state: Pick<TargetState, 'holds'> & { readonly rolling?: TargetState['rolling'] | undefined };
  /** What Drydock's last rollout left on this very workload, when that is known. */
  readonly applied?: TargetState['applied'] | undefined;
  /** The tag policy's answer for the candidate against what runs now. */
  readonly policy: Verdict;
  /** May we write the image field, or does it belong to Helm, Argo CD or Flux? */
  readonly owner: { ok: true } | { ok: false; code: string; reason: string };
  readonly pause: Verdict;
}

/** `deploy`, or one of the reasons not to: `code` for queries, `reason` for the person who asks why. */
export type Decision =
  | { readonly deploy: true; readonly reason: string }
  | { readonly deploy: false; readonly code: string; readonly reason: string };

const no = (code: string, reason: string): Decision => ({ deploy: false, code, reason });

/**
 * Decides whether one confirmed image goes to one target. The first reason that applies is the answer, and the
 * order is from what concerns the image (it is none of this target's, runs already, is not wanted, is on hold) to
 * what concerns the moment (owner, pause, mode), so that `why` names the reason that would still hold tomorrow.
 */
export const decideTarget = (facts: DecisionFacts): Decision => {
  const { candidate, running } = facts;
  if (running.image !== facts.image) {
    return no(
      'image.differs',
      `the container runs ${running.image}, and this target follows ${facts.image}: set the first image by ` +
        'hand, or correct `image` in drydock.yaml',
    );
  }
  const isCurrent =
    running.digest === candidate.digest && (running.isPinned || running.tag === candidate.tag);
  if (isCurrent && !candidate.redeploy)
    return no('current', `${candidate.tag} (${candidate.digest}) already runs`);
  if (!isCurrent && !facts.policy.ok) return no('policy', facts.policy.reason);
  if (facts.state.rolling?.digest === candidate.digest && !candidate.redeploy) {
    return no('under-way', `${candidate.tag} is being rolled out already (${facts.state.rolling.rollout})`);
  }
  if (isTakenAway(facts) && !candidate.redeploy) {
    return no(
      'by-hand',
      `somebody replaced ${candidate.tag} by ${running.tag ?? running.digest ?? 'another image'} by hand, and that ` +
        'stays until a newer image comes; to have it back now, lift the hold, or set it by hand as well',
    );
  }
  const hold = findHold(facts.state, candidate.digest);
  if (hold) {
    return no(
      'held',
      `${candidate.digest} is on hold since ${hold.since} (${hold.why}); push a newer image, or lift the hold`,
    );
  }
  if (!facts.owner.ok) return no(facts.owner.code, facts.owner.reason);
  if (!facts.pause.ok) return no('paused', facts.pause.reason);
  if (facts.mode === 'observe') {
    return no('observe', `would deploy ${candidate.tag}; the target is set to observe, not to act`);
  }
  return {
    deploy: true,
    reason: `${candidate.tag} is wanted by the policy and newer than ${running.tag ?? 'what runs'}`,
  };
};

/**
 * Did Drydock leave the candidate on the workload, and somebody put another image in its place since? Whoever rolls
 * back by hand must not find it undone at the next sweep. While a rollout is under way, what stands there is its own.
 */
const isTakenAway = ({ candidate, running, applied, state }: DecisionFacts): boolean => {
  if (applied?.digest !== candidate.digest || state.rolling) return false;
  return running.digest === undefined ? running.tag !== applied.tag : running.digest !== applied.digest;
};
