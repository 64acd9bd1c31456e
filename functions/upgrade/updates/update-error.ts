import type { UpdateFact } from '../../records/upgrade/aws-facts.ts';

type UpdateError = UpdateFact['errors'][number];

/** A pod that a budget keeps on its node. */
export interface HeldPod {
  readonly pod: string;
  readonly budget: string;
}

type Explain = (resources: string) => string;

/** What to do about each error of EKS. Source: EKS API reference, ErrorDetail, and the pages on each resource. */
const EXPLANATIONS: Readonly<Record<string, Explain>> = {
  SubnetNotFound: (ids) => `the subnet ${ids} no longer exists; give the cluster or group one that does`,
  SecurityGroupNotFound: (ids) =>
    `the security group ${ids} no longer exists; give the cluster one that does`,
  EniLimitReached: (ids) =>
    `the account has no network interface left (${ids}); raise the quota or remove unused ones`,
  IpNotAvailable: (ids) => `the subnets ${ids} have no free address left; free some or add a subnet`,
  InsufficientFreeAddresses: (ids) =>
    `the subnets ${ids} have too few free addresses; free some or add a subnet`,
  NodeCreationFailure: (ids) =>
    `new nodes (${ids}) did not join the cluster; look at their system log, their role, and the way to the API server`,
  PodEvictionFailure: (ids) => `pods did not leave the nodes ${ids} in time, and no force is used`,
  ClusterUnreachable: (ids) =>
    `EKS could not reach the API server for ${ids}; look at webhooks that fail and at the security groups`,
  ConfigurationConflict: (ids) =>
    `settings of ${ids} were changed by hand and EKS was told not to write over them (addonConflicts)`,
  AdmissionRequestDenied: (ids) => `an admission webhook or policy refused what EKS wanted to write (${ids})`,
  UnsupportedAddonModification: (ids) => `EKS does not allow this change of the add-on (${ids})`,
  K8sResourceNotFound: (ids) => `an object that the add-on needs is gone (${ids})`,
  AccessDenied: (ids) => `EKS lacks a right that it needs in this account (${ids})`,
  VpcIdNotFound: (ids) => `the VPC ${ids} no longer exists`,
  OperationNotPermitted: (ids) => `EKS may not do this in this account (${ids})`,
};

/** One sentence for a person: what EKS could not do, why, and what it said itself. */
export const explainUpdateError = (error: UpdateError, held: readonly HeldPod[] = []): string => {
  const resources = error.resources.length > 0 ? error.resources.join(', ') : 'not named by EKS';
  const explain = EXPLANATIONS[error.code];
  const meaning = explain ? explain(resources) : `EKS names the error ${error.code} (${resources})`;
  const pods = error.code === 'PodEvictionFailure' ? describeHeld(held) : '';
  return `${error.code}: ${meaning}${pods}. EKS says: ${error.message}`;
};

/** How many held pods a sentence names. */
const MAX_HELD = 5;

const describeHeld = (held: readonly HeldPod[]): string => {
  if (held.length === 0) return '; no budget that allows no disruption was found now';
  const named = held.slice(0, MAX_HELD).map(({ pod, budget }) => `${pod} (budget ${budget})`);
  const more = held.length > MAX_HELD ? ` and ${held.length - MAX_HELD} more` : '';
  return `; held by a budget that allows no disruption: ${named.join(', ')}${more}`;
};

/** Why an update did not succeed, a sentence for each of its errors. */
export const explainUpdate = (update: UpdateFact, held: readonly HeldPod[] = []): string[] => {
  const what = `the update ${update.id} (${update.type}${update.about === undefined ? '' : ` of ${update.about}`})`;
  if (update.status === 'Cancelled') return [`${what} was cancelled`];
  if (update.errors.length === 0) return [`${what} failed, and EKS names no error`];
  return update.errors.map((error) => `${what} failed. ${explainUpdateError(error, held)}`);
};
