import * as z from 'zod';
import { RolloutOrder } from './rollout.ts';

/** What one `deployment` execution decided to start: a list that can grow travels as a ledger key. */
export const DeploymentPlan = z.object({
  version: z.literal(1),
  orders: z.array(RolloutOrder),
});
export type DeploymentPlan = z.output<typeof DeploymentPlan>;

export const planKind = { name: 'deployment plan', schema: DeploymentPlan };
export const planKey = (execution: string): string => `deployment/plans/${execution}.json`;
