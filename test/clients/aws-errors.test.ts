import { describe, expect, it } from 'vitest';
import { explainAwsError } from '../../functions/clients/aws-errors.ts';
import { explainEksError } from '../../functions/clients/eks/eks-errors.ts';
import { DefectError } from '../../functions/runtime/errors.ts';

const failure = (name: string, message = 'in its own words', httpStatusCode?: number): Error =>
  Object.assign(new Error(message), { name, $metadata: { httpStatusCode } });

const QUESTION = {
  scope: 'aws',
  service: 'EC2',
  action: 'ec2:DescribeSubnets',
  where: 'subnets in eu-west-1',
};

describe('what an AWS SDK throws', () => {
  it.each([
    ['AccessDeniedException', 403, 'aws.forbidden'],
    ['AccessDenied', 403, 'aws.forbidden'],
    ['UnauthorizedOperation', 403, 'aws.forbidden'],
    ['CredentialsProviderError', undefined, 'aws.no-credentials'],
    ['ExpiredTokenException', 403, 'aws.no-credentials'],
    ['UnrecognizedClientException', 403, 'aws.no-credentials'],
    ['AuthFailure', 401, 'aws.no-credentials'],
    ['InvalidSignatureException', 403, 'aws.no-credentials'],
    ['ThrottlingException', 429, 'aws.throttled'],
    ['RequestLimitExceeded', 503, 'aws.throttled'],
    ['TooManyRequestsException', 429, 'aws.throttled'],
    ['NoSuchEntityException', 404, 'aws.missing'],
    ['InvalidLaunchTemplateId.NotFoundException', 400, 'aws.missing'],
    ['NoSuchResourceException', 400, 'aws.missing'],
    ['InvalidParameterValue', 400, 'aws.refused'],
    ['InternalError', 500, 'aws.unreachable'],
    ['TimeoutError', undefined, 'aws.unreachable'],
    ['AbortError', undefined, 'aws.unreachable'],
    ['Error', undefined, 'aws.unreachable'],
  ])('%s with status %s is %s', (name, status, code) => {
    expect(explainAwsError(failure(name, undefined, status), QUESTION).code).toBe(code);
  });

  it('names the action of the call when the service does not say which one is denied', () => {
    expect(explainAwsError(failure('UnauthorizedOperation'), QUESTION)).toMatchObject({
      name: 'RefusedError',
      permission: 'ec2:DescribeSubnets',
      message: expect.stringContaining('No right to ec2:DescribeSubnets on subnets in eu-west-1'),
    });
  });

  it('names the action that the service names: a call may need more than its own', () => {
    const message =
      'User: arn:aws:sts::1:assumed-role/a/b is not authorized to perform: iam:PassRole on resource: x';
    expect(explainAwsError(failure('AccessDeniedException', message), QUESTION)).toMatchObject({
      permission: 'iam:PassRole',
    });
  });

  it('keeps the cause, and an error that is ours already', () => {
    const cause = failure('ThrottlingException');
    expect(explainAwsError(cause, QUESTION)).toMatchObject({ name: 'TransientError', cause });
    const ours = new DefectError('a.bug', 'cannot be');
    expect(explainAwsError(ours, QUESTION)).toBe(ours);
    expect(explainEksError(ours, { operation: 'X', cluster: 'c', region: 'r' })).toBe(ours);
  });

  it('something that is no error at all is one that may pass', () => {
    expect(explainAwsError('what?', QUESTION).code).toBe('aws.unreachable');
  });
});

describe('what EKS does not find', () => {
  const missing = (message: string) => failure('ResourceNotFoundException', message, 404);
  it.each([
    ['No cluster found for name: shop.', undefined, 'eks.cluster-missing'],
    ['No cluster found for name: shop.', 'node group blue', 'eks.cluster-missing'],
    ['No node group found for name: blue.', 'node group blue', 'eks.missing'],
  ])('%s of %s is %s', (message, about, code) => {
    const question = { operation: 'DescribeNodegroup', cluster: 'shop', about, region: 'eu-west-1' };
    expect(explainEksError(missing(message), question).code).toBe(code);
  });
});
