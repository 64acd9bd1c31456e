import { GetRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import * as z from 'zod';
import type { IdentityFact } from '../../records/upgrade/aws-facts.ts';
import { AWS_SETTINGS, limitTime, perRegion } from '../aws-clients.ts';
import { explainAwsError } from '../aws-errors.ts';

const useIam = perRegion((region) => new IAMClient({ ...AWS_SETTINGS, region }));

/** Who assumes the role of a cluster. Source: EKS user guide, "Amazon EKS cluster IAM role". */
const EKS_PRINCIPAL = 'eks.amazonaws.com';

/** GetRole: is the role of a cluster there, and may EKS still assume it? */
export const readRole = async (region: string, arn: string, signal?: AbortSignal): Promise<IdentityFact> => {
  const fact = (reason: string): IdentityFact => ({ kind: 'role', id: arn, usable: reason === '', reason });
  try {
    // The name is the last part: the path before it is not asked for.
    const RoleName = arn.slice(arn.lastIndexOf('/') + 1);
    const { Role } = await useIam(region).send(new GetRoleCommand({ RoleName }), limitTime(signal));
    // A role of the same name and another path would be somebody else.
    if (Role?.Arn !== arn) return fact('does not exist');
    return fact(trustsEks(Role.AssumeRolePolicyDocument) ? '' : `does not trust ${EKS_PRINCIPAL}`);
  } catch (error) {
    const where = `role ${arn}`;
    const explained = explainAwsError(error, { scope: 'aws', service: 'IAM', action: 'iam:GetRole', where });
    if (explained.code === 'aws.missing') return fact('does not exist');
    throw explained;
  }
};

const oneOrMany = z
  .union([z.string(), z.array(z.string())])
  .default([])
  .transform((value) => [value].flat());

const TrustPolicy = z.object({
  Statement: z.preprocess(
    (value) => [value].flat(),
    z.array(
      z.object({
        Effect: z.string(),
        Action: oneOrMany,
        Principal: z.union([z.string(), z.object({ Service: oneOrMany, AWS: oneOrMany })]).optional(),
      }),
    ),
  ),
});

/**
 * Does some statement let EKS assume it? A Deny or a Condition may still refuse: what cannot be judged from here is
 * not called broken.
 */
const trustsEks = (document: string | undefined): boolean => {
  const policy = TrustPolicy.safeParse(parseDocument(document));
  if (!policy.success) return false;
  return policy.data.Statement.some(
    ({ Effect, Action, Principal }) =>
      Effect === 'Allow' &&
      Action.some((action) => /^(\*|sts:\*|sts:AssumeRole)$/i.test(action)) &&
      (Principal === '*' ||
        (typeof Principal === 'object' &&
          (Principal.Service.includes(EKS_PRINCIPAL) || Principal.AWS.includes('*')))),
  );
};

/** IAM gives the document URL-encoded (RFC 3986). */
const parseDocument = (document: string | undefined): unknown => {
  try {
    return JSON.parse(decodeURIComponent(document ?? ''));
  } catch {
    return undefined;
  }
};
