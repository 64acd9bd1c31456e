import * as z from 'zod';
import { Execution } from '../execution.ts';
import { KubernetesMinor } from '../kubernetes-version.ts';
import { FindingResult } from './finding.ts';
import { UpgradeRequest } from './request.ts';

/** An upgrade, or the way back, as an ordered list of steps that a person reads before anything happens. */

const Step = {
  /** Says what it is and comes to; with the plan it names the update at EKS, so that a repeat is the same update. */
  id: z.string(),
  /** One sentence for a person: `vpc-cni from v1.19.0 to v1.20.4`. */
  title: z.string(),
  /** The minor of the control plane that this step belongs to. */
  minor: KubernetesMinor,
  /** Minutes it is expected to take. */
  minutes: z.int().nonnegative(),
};

/** Checks of rollback readiness that steps of ours can put right. */
export const RollbackCheck = z.enum(['kubelet-skew', 'kube-proxy-skew', 'addon-compatibility']);
export type RollbackCheck = z.output<typeof RollbackCheck>;

export const PlanStep = z.discriminatedUnion('kind', [
  /** Has EKS judge anew; an insight of yesterday proves nothing. */
  z.object({
    kind: z.literal('refresh-insights'),
    ...Step,
    /** On the way back: what EKS may object to here, since steps behind this one put it right. */
    cured: z.array(RollbackCheck).optional(),
  }),
  z.object({
    kind: z.literal('addon'),
    ...Step,
    addon: z.string(),
    from: z.string(),
    to: z.string(),
    /** What EKS does with settings that were changed by hand; what was approved is what is asked for. */
    conflicts: z.enum(['PRESERVE', 'NONE', 'OVERWRITE']).default('PRESERVE'),
  }),
  z.object({ kind: z.literal('control-plane'), ...Step, from: KubernetesMinor, to: KubernetesMinor }),
  /** Waits and compares health; the way back is open until it ends. */
  z.object({ kind: z.literal('bake'), ...Step }),
  z.object({
    kind: z.literal('node-group'),
    ...Step,
    nodeGroup: z.string(),
    from: KubernetesMinor,
    to: KubernetesMinor,
    /** A launch template with an AMI of its own: EKS is given a template version, and no Kubernetes version. */
    launchTemplate: z.object({ id: z.string(), version: z.string() }).optional(),
  }),
  /** Nodes that others replace: Karpenter, Auto Mode. Watched until none is behind. */
  z.object({
    kind: z.literal('watch-nodes'),
    ...Step,
    origin: z.enum(['karpenter', 'auto']),
    to: KubernetesMinor,
  }),
]);
export type PlanStep = z.output<typeof PlanStep>;

export const UpgradePlan = z.object({
  version: z.literal(1),
  /** Hash of everything below that decides what happens; an approval is bound to it. */
  id: z.string(),
  cluster: z.string(),
  /** The environment whose settings count. */
  environment: z.string(),
  direction: z.enum(['upgrade', 'rollback']),
  from: KubernetesMinor,
  to: KubernetesMinor,
  /** `external`: somebody else's definition is changed by hand or merge request, and Drydock watches. */
  owner: z.enum(['external', 'drydock']),
  steps: z.array(PlanStep),
  /** Id of the first step after which the control plane can not go back any more. */
  closesWayBack: z.string().optional(),
  minutes: z.int().nonnegative(),
  needs: z.array(
    z.object({ what: z.string(), needed: z.number(), available: z.number().optional(), where: z.string() }),
  ),
  /** What it can not do and says so: self-managed node groups. */
  refused: z.array(z.object({ subject: z.string(), reason: z.string() })),
  /** What it does on somebody's word, because nothing can be looked at: which version an AMI of one's own holds. */
  unchecked: z.array(z.object({ subject: z.string(), reason: z.string() })).default([]),
  /** What a person does beside it, because nobody else can: replace pods on Fargate. */
  manual: z.array(z.object({ subject: z.string(), what: z.string() })).default([]),
  /** What a person asked for when it was made. */
  request: UpgradeRequest,
  madeAt: z.iso.datetime(),
  execution: Execution,
});
export type UpgradePlan = z.output<typeof UpgradePlan>;

export const upgradePlanKind = { name: 'upgrade plan', schema: UpgradePlan };
export const upgradePlanKey = (execution: string): string => `upgrade/plans/${execution}.json`;

/** One gate, passed or not, and who overrode it. */
export const GateOutcome = z.object({
  gate: z.enum(['plan', 'report', 'backup', 'window', 'pause', 'updates', 'approval']),
  passed: z.boolean(),
  reason: z.string(),
  override: z.object({ by: z.string(), why: z.string() }).optional(),
});
export type GateOutcome = z.output<typeof GateOutcome>;

/** How healthy the cluster is, as far as an upgrade may change it. `unread` names what could not be looked at. */
export const Health = z.object({
  at: z.iso.datetime(),
  nodes: z.object({ ready: z.int(), total: z.int() }),
  /** Workloads with fewer ready pods than wanted, `Deployment shop/web`, and silent others: `GitLab of staging`. */
  unready: z.array(z.string()),
  workloads: z.int(),
  /** Does the sign-in page answer? Absent where no GitLab is named. */
  gitlab: z.enum(['answers', 'does-not-answer']).optional(),
  unread: z.array(z.string()),
});
export type Health = z.output<typeof Health>;

export const StepState = z.object({
  id: z.string(),
  state: z.enum(['waiting', 'running', 'done', 'skipped', 'failed']),
  startedAt: z.iso.datetime().optional(),
  endedAt: z.iso.datetime().optional(),
  /** Id of the update at EKS. */
  update: z.string().optional(),
  message: z.string(),
  /** How its owner was asked for this change, as the end of a sentence; absent until then. */
  offer: z.string().optional(),
  health: Health.optional(),
});
export type StepState = z.output<typeof StepState>;

/**
 * How an upgrade ended. `stopped`: in front of the next step, since health got worse or an update failed.
 * `abandoned`: the execution was stopped or died. `handed-over`: the change did not come in time.
 */
export const RunOutcome = z.enum([
  'planned',
  'nothing-to-do',
  'refused',
  'not-approved',
  'upgraded',
  'rolled-back',
  'stopped',
  'handed-over',
  'abandoned',
]);
export type RunOutcome = z.output<typeof RunOutcome>;

/** One upgrade of one cluster, from its start to its end. */
export const UpgradeRun = z.object({
  version: z.literal(1),
  cluster: z.string(),
  plan: UpgradePlan,
  execution: Execution,
  startedBy: z.string(),
  approvedBy: z.string().optional(),
  /** Token of the lock; absent when it ended before it held one. */
  fence: z.int().positive().optional(),
  gates: z.array(GateOutcome),
  before: Health.optional(),
  steps: z.array(StepState),
  /** Since when the cluster has been less healthy than before, or could not be looked at, without a break. */
  worseSince: z.iso.datetime().optional(),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().optional(),
  outcome: RunOutcome.optional(),
  reasons: z.array(z.string()),
  /** Findings that were overridden by name, each with its reason. */
  overrides: z.array(z.object({ finding: z.string(), result: FindingResult.optional(), why: z.string() })),
});
export type UpgradeRun = z.output<typeof UpgradeRun>;

export const upgradeRunKind = { name: 'upgrade run', schema: UpgradeRun };
export const upgradeRunPrefix = (cluster: string): string => `upgrade/runs/${cluster}/`;
export const upgradeRunKey = (cluster: string, execution: string): string =>
  `${upgradeRunPrefix(cluster)}${execution}.json`;

/** Name of the lock under which one cluster is upgraded. */
export const clusterLock = (cluster: string): string => `upgrade/${cluster}`;

/** Where the approval of an upgrade lies. */
export const APPROVAL_PREFIX = 'upgrade/approvals/';
export const approvalKey = (execution: string): string => `${APPROVAL_PREFIX}${execution}.json`;
