import { nameOf, textOf } from '../aws-failure.ts';
import type { UpdateAnswer } from './eks-updater.ts';

/**
 * What EKS's refusal of an update means. Source: EKS API reference, "Errors" of UpdateClusterVersion, UpdateAddon,
 * UpdateNodegroupVersion and CancelUpdate.
 *
 * ResourceInUse: another update is under way. InvalidState: the readiness insights say no. The others say that this
 * request will never work, or not as long as the cluster is as it is.
 */
const REASONS: Readonly<Record<string, Extract<UpdateAnswer, { ok: false }>['reason']>> = {
  ResourceInUseException: 'busy',
  InvalidStateException: 'not-ready',
  InvalidParameterException: 'invalid',
  InvalidRequestException: 'invalid',
  ResourceLimitExceededException: 'invalid',
  ClientException: 'invalid',
  ResourceNotFoundException: 'missing',
};

/** The refusal as an answer; undefined when it is an error of another kind. EKS's own words are kept. */
export const readRefusal = (error: unknown): Extract<UpdateAnswer, { ok: false }> | undefined => {
  const reason = REASONS[nameOf(error)];
  return reason && { ok: false, reason, message: textOf(error) };
};
