import type { UpgradeSettings } from '../../records/configuration/upgrade.ts';
import type { KubernetesMinor } from '../../records/kubernetes-version.ts';
import type { ClusterFact } from '../../records/upgrade/aws-facts.ts';
import { type ClusterFacts, type FactName, itemsOf } from '../../records/upgrade/facts.ts';
import type { UpgradePlan } from '../../records/upgrade/plan.ts';

/** What a plan is made of. */
export interface PlanSubject {
  readonly facts: ClusterFacts;
  readonly settings: Pick<UpgradeSettings, 'owner' | 'bakeHours' | 'addonConflicts'>;
  readonly environment: string;
  readonly now: Date;
}

/** A plan but for what names its making: request, time and execution. */
export type PlanDraft = Omit<UpgradePlan, 'madeAt' | 'execution' | 'request'>;

export type PlanVerdict =
  | { readonly ok: true; readonly plan: PlanDraft }
  | {
      readonly ok: false;
      /** `nothing-to-do`: it is where it shall be. */
      readonly outcome: 'refused' | 'nothing-to-do';
      readonly reason: string;
    };

export const refusePlan = (reason: string): PlanVerdict => ({ ok: false, outcome: 'refused', reason });

/** Topics without which no plan can be trusted: what is not seen would be left behind. */
const NEEDED: readonly FactName[] = ['cluster', 'versions', 'addons', 'nodeGroups', 'updates', 'nodes'];

/** Why these facts are not enough for a plan; undefined when they are. */
export const findUnread = (facts: ClusterFacts): string | undefined => {
  const unread = NEEDED.flatMap(
    (name) => facts[name]?.unread ?? [{ what: name, reason: 'it was not asked for', permission: undefined }],
  );
  const [first] = unread;
  if (!first) return undefined;
  const right = first.permission === undefined ? '' : `; give its role the right ${first.permission}`;
  const others = unread.length > 1 ? ` (and ${unread.length - 1} more)` : '';
  return `no plan can be made: ${first.what} could not be read, ${first.reason}${right}${others}`;
};

/** The cluster of the facts. */
export const clusterIn = (facts: ClusterFacts): ClusterFact | undefined => itemsOf(facts).cluster[0];

/** Is this minor one that EKS offers today? A sentence that says what it offers when it is not. */
export const findVersionProblem = (facts: ClusterFacts, target: KubernetesMinor): string | undefined => {
  const { versions } = itemsOf(facts);
  const known = versions.find(({ version }) => version === target);
  if (known && known.status !== 'unsupported') return undefined;
  const offered = versions.filter(({ status }) => status !== 'unsupported').map(({ version }) => version);
  const list = offered.toSorted((a, b) => Number(a.slice(2)) - Number(b.slice(2))).join(', ');
  return known
    ? `EKS no longer supports Kubernetes ${target}; it offers ${list}`
    : `EKS does not know Kubernetes ${target}; it offers ${list}`;
};
