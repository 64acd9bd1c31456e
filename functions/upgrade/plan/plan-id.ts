import { createHash } from 'node:crypto';
import type { PlanStep, UpgradePlan } from '../../records/upgrade/plan.ts';
import type { PlanDraft } from './plan-subject.ts';

/**
 * Names a plan by what it would do: the same steps on the same cluster have the same name, whoever asks and whenever.
 * An approval is bound to it, and the client request tokens of its updates begin with it.
 */
export const identifyPlan = (plan: Omit<PlanDraft, 'id'>): string => {
  const { cluster, direction, from, to, owner, steps, refused } = plan;
  const deciding = {
    cluster,
    direction,
    from,
    to,
    owner,
    steps,
    refused: refused.map(({ subject }) => subject),
  };
  return createHash('sha256').update(canonical(deciding)).digest('hex').slice(0, 32);
};

/** JSON with the keys of every object in order, so that a record that was read back has the same hash. */
const canonical = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`);
  return `{${members.join(',')}}`;
};

/**
 * The client request token of a step: the same step of the same plan is the same update for EKS, whoever asks again.
 * The execution that made the plan is part of it: after a way back the same way up has the same hash, and must not be
 * answered with the update of the first time. 49 characters, far below every limit of the API.
 */
export const stepToken = (
  { id, execution }: Pick<UpgradePlan, 'id' | 'execution'>,
  step: PlanStep['id'],
): string => `${id}-${createHash('sha256').update(`${execution.arn}\n${step}`).digest('hex').slice(0, 16)}`;
