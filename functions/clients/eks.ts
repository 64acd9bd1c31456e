import { DescribeClusterCommand } from '@aws-sdk/client-eks';
import { RefusedError, TransientError } from '../runtime/errors.ts';
import { useEks } from './eks/eks-client.ts';

/** What is needed to speak to a cluster's API. */
export interface ClusterEndpoint {
  readonly endpoint: string;
  /** PEM in base64, as EKS and kubeconfig files have it. */
  readonly certificateAuthority: string;
  readonly version: string;
  readonly status: string;
}

/** DescribeCluster answers in tens of milliseconds; longer means that it will not. */
const DEADLINE_MS = 10_000;

/**
 * Reads endpoint, certificate authority, version and status of an EKS cluster.
 *
 * @throws RefusedError `eks.cluster-missing`, `eks.forbidden`, `eks.not-ready` (it has no endpoint yet or any more).
 * @throws TransientError `eks.unreachable` for anything that may pass.
 */
export const describeCluster = async (cluster: string, region: string): Promise<ClusterEndpoint> => {
  const where = `EKS cluster ${cluster} in ${region}`;
  const described = await useEks(region)
    .send(new DescribeClusterCommand({ name: cluster }), { abortSignal: AbortSignal.timeout(DEADLINE_MS) })
    .catch((cause: unknown) => {
      throw explain(where, region, cause);
    });
  const { endpoint, certificateAuthority, version, status } = described.cluster ?? {};
  if (!endpoint || !certificateAuthority?.data) {
    throw new RefusedError('eks.not-ready', `${where} is ${status ?? 'unknown'} and has no endpoint.`);
  }
  return {
    endpoint,
    certificateAuthority: certificateAuthority.data,
    version: version ?? '',
    status: status ?? '',
  };
};

const explain = (where: string, region: string, cause: unknown): TransientError | RefusedError => {
  const name = cause instanceof Error ? cause.name : '';
  if (name === 'ResourceNotFoundException') {
    const list = `aws eks list-clusters --region ${region}`;
    return new RefusedError('eks.cluster-missing', `${where} does not exist; see ${list}`, { cause });
  }
  if (name === 'AccessDeniedException' || name === 'AccessDenied') {
    const permission = 'eks:DescribeCluster';
    return new RefusedError('eks.forbidden', `No right to ${permission} on ${where}; deploy again.`, {
      cause,
      permission,
    });
  }
  return new TransientError('eks.unreachable', `${where} could not be described (${name || 'unknown'}).`, {
    cause,
  });
};
