import { expect, test } from 'vitest';

import {
  type AccessEntry,
  canonicaliseArn,
  defaultUsername,
  findUser,
} from '../../infra/local/eks/access-entries.ts';

const ROLE = 'arn:aws:iam::111122223333:role/site/drydock-deployment';

const entry = (principalArn: string, username = defaultUsername(principalArn)): AccessEntry => ({
  clusterName: 'blue',
  principalArn,
  username,
  kubernetesGroups: ['drydock:deployment'],
  type: 'STANDARD',
  createdAt: new Date(0),
});

test.for([
  ['arn:aws:sts::111122223333:assumed-role/drydock/run-7', 'arn:aws:iam::111122223333:role/drydock', 'run-7'],
  ['arn:aws:iam::111122223333:role/site/drydock', 'arn:aws:iam::111122223333:role/drydock', ''],
  ['arn:aws:iam::111122223333:user/people/ada', 'arn:aws:iam::111122223333:user/ada', ''],
  ['arn:aws:iam::111122223333:root', 'arn:aws:iam::111122223333:root', ''],
] as const)('%s is the principal %s', ([arn, principal, session]) => {
  expect(canonicaliseArn(arn)).toEqual({ principal, session });
});

test('a session of a role with a path gets the name and groups of its access entry', () => {
  const caller = 'arn:aws:sts::111122223333:assumed-role/drydock-deployment/run-7';
  expect(findUser([entry('arn:aws:iam::111122223333:role/other'), entry(ROLE)], caller)).toEqual({
    username: 'arn:aws:sts::111122223333:assumed-role/drydock-deployment/run-7',
    groups: ['drydock:deployment'],
  });
});

test('a chosen user name is given with the session in its place, colons replaced', () => {
  const caller = 'arn:aws:sts::111122223333:assumed-role/drydock-deployment/a:b';
  expect(findUser([entry(ROLE, 'drydock:{{SessionName}}')], caller)?.username).toBe('drydock:a-b');
});

test('a role of the same name in another account is nobody', () => {
  expect(
    findUser([entry(ROLE)], 'arn:aws:sts::444455556666:assumed-role/drydock-deployment/run-7'),
  ).toBeUndefined();
});
