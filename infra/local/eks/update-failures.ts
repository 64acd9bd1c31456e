import type { ErrorCode, ErrorDetail } from '@aws-sdk/client-eks';

/**
 * What the error codes of an update say. The codes are those of
 * https://docs.aws.amazon.com/eks/latest/APIReference/API_ErrorDetail.html; the sentences are ours.
 */
const MESSAGES: Readonly<Record<ErrorCode, string>> = {
  AccessDenied: 'The role of the cluster or of its nodes lacks a permission.',
  AdmissionRequestDenied: 'An admission webhook denied a request of the add-on.',
  ClusterUnreachable: 'The API server of the cluster could not be reached.',
  ConfigurationConflict:
    'Conflicts were found when the add-on was applied, and resolveConflicts is not OVERWRITE.',
  EniLimitReached: 'The account has as many elastic network interfaces as its limit allows.',
  InsufficientFreeAddresses: 'A subnet of the cluster has not enough free IP addresses.',
  InsufficientNumberOfReplicas: 'The add-on has not enough ready replicas.',
  IpNotAvailable: 'A subnet of the cluster has no free IP address.',
  K8sResourceNotFound: 'A resource of the add-on is not in the cluster.',
  NodeCreationFailure: 'Instances did not join the cluster.',
  OperationNotPermitted: 'The service-linked role of the cluster lacks a permission.',
  PodEvictionFailure: 'Reached the most attempts to evict the pods of a node.',
  SecurityGroupNotFound: 'A security group of the cluster does not exist.',
  SubnetNotFound: 'A subnet of the cluster does not exist.',
  Unknown: 'Something went wrong.',
  UnsupportedAddonModification: 'The add-on cannot be changed in this way.',
  VpcIdNotFound: 'The VPC of the cluster does not exist.',
};

/** A reason for which an update fails, for a script of start-eks.ts. */
export const updateFailure = (
  errorCode: ErrorCode,
  resourceIds: readonly string[] = [],
  errorMessage = MESSAGES[errorCode],
): ErrorDetail => ({ errorCode, errorMessage, resourceIds: [...resourceIds] });
