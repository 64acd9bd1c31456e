import { describe, expect, it } from 'vitest';
import { openAwsAccount } from '../../../functions/clients/aws-account/open-aws-account.ts';
import { useAccountEndpoints } from '../../support/account-endpoints.ts';
import { newRegion } from '../../support/new-region.ts';

const { query, json } = useAccountEndpoints();

const ROLE = 'arn:aws:iam::111122223333:role/eks/cluster';
const KEY = 'arn:aws:kms:eu-central-1:111122223333:key/1';

const trust = (statement: unknown): string => JSON.stringify({ Version: '2012-10-17', Statement: statement });
const allow = { Effect: 'Allow', Action: 'sts:AssumeRole' };
const eks = { Service: 'eks.amazonaws.com' };

const readRole = async (document: string, arn = ROLE) => {
  query().answer('GetRole', () => ({
    xml: `<Role><Arn>${arn}</Arn><AssumeRolePolicyDocument>${encodeURIComponent(document)}</AssumeRolePolicyDocument></Role>`,
  }));
  return openAwsAccount(newRegion()).readRole(ROLE);
};

describe('the role of a cluster', () => {
  it.each([
    ['as EKS makes it', trust([{ ...allow, Action: ['sts:AssumeRole', 'sts:TagSession'], Principal: eks }])],
    ['with one statement, not in a list', trust({ ...allow, Principal: eks })],
    [
      'beside other services',
      trust([{ ...allow, Principal: { Service: ['ec2.amazonaws.com', 'eks.amazonaws.com'] } }]),
    ],
    ['by everything of STS', trust([{ ...allow, Action: 'sts:*', Principal: eks }])],
    ['by everybody', trust([{ ...allow, Principal: '*' }])],
    [
      'behind another statement',
      trust([
        { ...allow, Principal: { AWS: 'arn:aws:iam::1:root' } },
        { ...allow, Principal: eks },
      ]),
    ],
  ])('that EKS may assume is usable: %s', async (_, document) => {
    expect(await readRole(document)).toEqual({ kind: 'role', id: ROLE, usable: true, reason: '' });
    expect(query().calls.at(-1)?.get('RoleName')).toBe('cluster');
  });

  it.each([
    ['another service', trust([{ ...allow, Principal: { Service: 'ec2.amazonaws.com' } }])],
    ['a denial', trust([{ ...allow, Effect: 'Deny', Principal: eks }])],
    ['another action', trust([{ ...allow, Action: 'sts:TagSession', Principal: eks }])],
    ['no statement', trust([])],
    ['no policy at all', 'nonsense'],
  ])('that EKS may not assume is not: %s', async (_, document) => {
    expect(await readRole(document)).toMatchObject({
      usable: false,
      reason: 'does not trust eks.amazonaws.com',
    });
  });

  it('of the same name under another path is another role', async () => {
    const document = trust([{ ...allow, Principal: eks }]);
    const role = await readRole(document, 'arn:aws:iam::111122223333:role/cluster');
    expect(role).toMatchObject({ usable: false, reason: 'does not exist' });
  });

  it('that is gone is an answer, one that may not be looked at is none', async () => {
    query().answer('GetRole', () => ({ error: 'NoSuchEntity', status: 404 }));
    expect(await openAwsAccount(newRegion()).readRole(ROLE)).toMatchObject({ reason: 'does not exist' });
    query().answer('GetRole', () => ({ error: 'AccessDenied', status: 403 }));
    await expect(openAwsAccount(newRegion()).readRole(ROLE)).rejects.toMatchObject({
      code: 'aws.forbidden',
      permission: 'iam:GetRole',
    });
  });
});

describe('a key', () => {
  it.each([
    ['Enabled', true, ''],
    ['Updating', true, ''],
    ['Disabled', false, 'Disabled'],
    ['PendingDeletion', false, 'PendingDeletion'],
    ['PendingImport', false, 'PendingImport'],
    ['Unavailable', false, 'Unavailable'],
    ['SomethingNew', false, 'SomethingNew'],
  ])('that is %s: usable is %s', async (KeyState, usable, reason) => {
    json().answerWith(() => ({ body: { KeyMetadata: { KeyId: '1', KeyState } } }));
    expect(await openAwsAccount(newRegion()).readKey(KEY)).toEqual({ kind: 'key', id: KEY, usable, reason });
  });

  it('that is gone is an answer, one that may not be looked at is none', async () => {
    json().answerWith(() => ({ status: 400, body: { __type: 'NotFoundException' } }));
    expect(await openAwsAccount(newRegion()).readKey(KEY)).toMatchObject({
      usable: false,
      reason: 'does not exist',
    });
    json().answerWith(() => ({ status: 400, body: { __type: 'AccessDeniedException' } }));
    await expect(openAwsAccount(newRegion()).readKey(KEY)).rejects.toMatchObject({
      permission: 'kms:DescribeKey',
    });
  });
});
