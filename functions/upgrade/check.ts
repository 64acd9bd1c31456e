import type { KubernetesMinor } from '../records/kubernetes-version.ts';
import {
  type ClusterFacts,
  type FactItems,
  type FactName,
  itemsOf,
  type Unread,
} from '../records/upgrade/facts.ts';
import type { FindingResult, Remedy } from '../records/upgrade/finding.ts';

/** What a check says of one subject; no verdict at all is a pass. */
export interface Verdict {
  readonly result: FindingResult;
  /** `Deployment shop/web`, `add-on vpc-cni`, `node group blue`, `cluster`. */
  readonly subject: string;
  /** What is wrong, to what, and what it will do at this step; one or two sentences. */
  readonly message: string;
  readonly remedy: Remedy;
  readonly evidence?: readonly string[];
  readonly permission?: string;
}

/** One step of the way, `from` to the next minor, judged as if all steps before were done. */
export interface StepContext {
  readonly cluster: string;
  readonly region: string;
  /** The version that the cluster has now; `from` of the first step. */
  readonly current: KubernetesMinor;
  readonly from: KubernetesMinor;
  readonly to: KubernetesMinor;
  readonly now: Date;
  /** Files are judged by themselves, without a cluster. */
  readonly filesOnly?: boolean;
}

/**
 * One check: a row of the registry. A new check is one file that calls `defineCheck`, and one line in
 * `checks/registry.ts`.
 */
export interface CheckDefinition {
  /** Stable, `kebab-case`; ignore lists and reports name it. */
  readonly code: string;
  /** What must be so, as a sentence: `No object uses an API that the next version no longer serves`. */
  readonly title: string;
  /** Topics that it reads, and no others. What of them could not be read becomes `not-checked`. */
  readonly reads: readonly FactName[];
  /** Judges also when some of its topics could not be read at all: each of them tells something by itself. */
  readonly judgesPartly?: boolean;
  /** The first and the last step (its `to`) that it concerns; without them: every one. */
  readonly since?: KubernetesMinor;
  readonly until?: KubernetesMinor;
  /** What it judges moves along on the way, as nodes do: as they are today they say nothing of versions behind the target. */
  readonly endsAtTarget?: boolean;
  /** What helps when a topic could not be read; otherwise a general word about rights. */
  readonly whenUnread?: Remedy;
  /** Judges one step; no verdict is a pass. Pure: what it does not get is not there. */
  readonly judge: (facts: FactItems, step: StepContext) => readonly Verdict[];
}

/** A check that looks after what could not be read by itself. */
export interface Check extends Omit<CheckDefinition, 'judge'> {
  readonly judge: (facts: ClusterFacts, step: StepContext) => readonly Verdict[];
}

/** Makes a row of the registry of a definition: unread topics become `not-checked`, the rest is judged. */
export const defineCheck = (definition: CheckDefinition): Check => ({
  ...definition,
  judge: (facts, step) => {
    const unread = definition.reads.flatMap((name) => unreadOf(facts, name));
    const notChecked = unread.map((one) => explainUnread(one, definition.whenUnread));
    const isBlind = definition.reads.some(
      (name) => unreadOf(facts, name).length > 0 && (facts[name]?.items.length ?? 0) === 0,
    );
    if (isBlind && !definition.judgesPartly) return notChecked;
    return [...definition.judge(itemsOf(facts), step), ...notChecked];
  },
});

const unreadOf = (facts: ClusterFacts, name: FactName): readonly Unread[] =>
  facts[name]?.unread ?? [{ what: name, reason: 'it was not asked for in this check' }];

/** Rights inside the cluster ship as one manifest; those at AWS come with a deploy. */
const APPLY_MANIFEST = 'npm run -s cluster-manifests -- --capability upgrade | kubectl apply -f -';

const explainUnread = ({ what, reason, permission, help }: Unread, remedy?: Remedy): Verdict => ({
  result: 'not-checked',
  subject: what,
  message: `${what} could not be read: ${permission === undefined ? reason : `the right ${permission} is missing.`}`,
  remedy: help === undefined ? (remedy ?? remedyOf(permission)) : { text: help },
  // Whoever refused may say more than which right it takes: who asked, or which policy denied it.
  ...(permission === undefined ? {} : { permission, evidence: [reason] }),
});

const remedyOf = (permission: string | undefined): Remedy => {
  if (permission === undefined) {
    return { text: 'Run the check again; if it stays, npm run doctor looks for the cause.' };
  }
  const text = `Give the role of the check the right ${permission}.`;
  return permission.includes(':') ? { text } : { text, command: APPLY_MANIFEST };
};
