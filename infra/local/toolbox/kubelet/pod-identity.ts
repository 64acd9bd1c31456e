import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CoreV1Api, V1Pod } from '@kubernetes/client-node';

/** Where the local AWS is. */
export interface AwsPlace {
  readonly url: string;
  readonly region: string;
}

const ROLE_ANNOTATION = 'eks.amazonaws.com/role-arn';
const AUDIENCE = 'sts.amazonaws.com';
const TOKEN_SECONDS = 3_600;

/**
 * What EKS puts into a container whose ServiceAccount names a role: the role, and a token of the cluster by which STS
 * gives its credentials. The token is a real one of the API server, for this account and audience.
 *
 * Source: Amazon EKS User Guide, "IAM roles for service accounts"; aws/amazon-eks-pod-identity-webhook.
 *
 * @returns variables of the container; of an account without a role, only where AWS is.
 */
export const identifyPod = async (
  core: CoreV1Api,
  pod: V1Pod,
  aws: AwsPlace,
  folder: string,
): Promise<Record<string, string>> => {
  const namespace = pod.metadata?.namespace ?? 'default';
  const name = pod.spec?.serviceAccountName ?? 'default';
  const place = {
    // The local world's own: on AWS nobody sets it.
    AWS_ENDPOINT_URL: aws.url,
    AWS_REGION: aws.region,
    AWS_DEFAULT_REGION: aws.region,
    AWS_EC2_METADATA_DISABLED: 'true',
  };
  const { metadata } = await core.readNamespacedServiceAccount({ namespace, name });
  const role = metadata?.annotations?.[ROLE_ANNOTATION];
  if (role === undefined) return place;
  const { status } = await core.createNamespacedServiceAccountToken({
    namespace,
    name,
    body: { spec: { audiences: [AUDIENCE], expirationSeconds: TOKEN_SECONDS } },
  });
  const file = join(folder, 'web-identity-token');
  await writeFile(file, status?.token ?? '');
  await chmod(file, 0o600);
  return { ...place, AWS_ROLE_ARN: role, AWS_WEB_IDENTITY_TOKEN_FILE: file };
};
