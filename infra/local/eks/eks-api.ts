import { CutConnection } from '../faults.ts';
import { ACCESS_ENTRY_OPERATIONS } from './access-entry-calls.ts';
import type { EksAccount, Operation } from './account.ts';
import { ADDON_OPERATIONS } from './addons.ts';
import { type Body, EksException } from './answer.ts';
import { CLUSTER_UPDATE_OPERATIONS } from './cluster-updates.ts';
import { CLUSTER_OPERATIONS } from './clusters.ts';
import { FARGATE_OPERATIONS } from './fargate-profiles.ts';
import type { EksFaults } from './faults.ts';
import { INSIGHT_OPERATIONS } from './insights.ts';
import { NODE_GROUP_OPERATIONS } from './node-groups.ts';
import { UPDATE_OPERATIONS } from './updates.ts';
import { VERSION_OPERATIONS } from './versions.ts';

export interface EksRequest {
  readonly method: string;
  readonly path: readonly string[];
  readonly query: URLSearchParams;
  readonly body: unknown;
}

/** A call that was made, for those who want to know who asked for what. */
export interface EksCall {
  readonly operation: string;
  readonly path: readonly string[];
  readonly body: unknown;
}

/** Every operation that is answered; what each does and leaves out is said in its own file. */
const OPERATIONS: readonly Operation[] = [
  ...CLUSTER_OPERATIONS,
  ...CLUSTER_UPDATE_OPERATIONS,
  ...UPDATE_OPERATIONS,
  ...VERSION_OPERATIONS,
  ...INSIGHT_OPERATIONS,
  ...ADDON_OPERATIONS,
  ...NODE_GROUP_OPERATIONS,
  ...FARGATE_OPERATIONS,
  ...ACCESS_ENTRY_OPERATIONS,
];

/**
 * Answers the EKS calls that Drydock makes, in the shapes of https://docs.aws.amazon.com/eks/latest/APIReference/
 *
 * Left out: who calls (no signature and no IAM policy is checked), tags, creating and deleting clusters, add-ons, node
 * groups and profiles, identity providers, access policies. Such a call is answered as unknown.
 *
 * @throws EksException what EKS refuses; CutConnection when a fault asks for it.
 */
export const answerEks = async (
  account: EksAccount,
  faults: EksFaults,
  request: EksRequest,
  record: (call: EksCall) => void,
): Promise<Body> => {
  for (const operation of OPERATIONS) {
    if (operation.method !== request.method) continue;
    const path = matchPath(operation.path, request.path);
    if (!path) continue;
    record({ operation: operation.name, path, body: request.body });
    const isLost = faults.strike(operation.name);
    const answer = await operation.answer(account, { path, query: request.query, body: request.body });
    if (isLost) throw new CutConnection();
    return answer;
  }
  const asked = `${request.method} /${request.path.join('/')}`;
  throw new EksException('UnknownOperationException', `The local EKS does not answer ${asked}.`);
};

/** The variable parts of a path that fits; undefined when it does not. */
const matchPath = (pattern: string, path: readonly string[]): string[] | undefined => {
  const parts = pattern.split('/').filter(Boolean);
  if (parts.length !== path.length) return undefined;
  if (parts.some((part, index) => part !== '{}' && part !== path[index])) return undefined;
  return path.filter((_, index) => parts[index] === '{}');
};
