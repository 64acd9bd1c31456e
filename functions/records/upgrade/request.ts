import * as z from 'zod';
import { KubernetesMinor } from '../kubernetes-version.ts';

/** What a person asks of the upgrade machine; few fields, and the safe answer where one is left out. */

const Name = (what: string) => z.string().trim().min(1, `say ${what}`).max(200);

/** A finding, a gate or a subject that a person lets pass, each by its name and with a reason. */
export const Override = z.strictObject({
  finding: Name('which finding: its id in the report, "backup", or a subject that the plan refuses'),
  why: Name('why it may be passed over'),
});
export type Override = z.output<typeof Override>;

/** A backup of another tool, which Drydock cannot look into; whoever names it answers for it. */
export const RecoveryPoint = z.strictObject({
  name: Name('its ARN or name'),
  takenAt: z.iso.datetime('must be a time such as "2026-11-21T02:00:00Z"'),
});
export type RecoveryPoint = z.output<typeof RecoveryPoint>;

export const UpgradeRequest = z.strictObject({
  /** Name of an environment in drydock.yaml, or of an EKS cluster on which one lives. */
  cluster: Name('which environment or cluster'),
  /** Absent: the target of the settings, or else the next minor. */
  target: KubernetesMinor.optional(),
  by: Name('who you are'),
  why: Name('why it is done now'),
  /** Ends with the plan. */
  dryRun: z.boolean().default(true),
  overrides: z.array(Override).max(50).default([]),
  recoveryPoint: RecoveryPoint.optional(),
  /** Takes the control plane back by one minor, while EKS offers that. */
  rollback: z.boolean().default(false),
});
export type UpgradeRequest = z.output<typeof UpgradeRequest>;
