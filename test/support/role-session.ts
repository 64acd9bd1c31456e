import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { AwsClient } from 'aws4fetch';
import type { LocalAws } from '../../infra/local/aws/start-aws.ts';

/** Somebody at the local AWS who is not its root user: the session of a role. */
export interface RoleSession {
  readonly roleArn: string;
  /** What the SDK needs in its environment to act as that session. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Makes a role that may do `actions` on everything, and a session of it. IAM's query protocol, version 2010-05-08. */
export const openRoleSession = async (
  aws: LocalAws,
  name: string,
  actions: readonly string[],
): Promise<RoleSession> => {
  const { region, url, account } = aws;
  const root = new AwsClient({ ...aws.credentials, service: 'iam', region });
  const call = async (form: Record<string, string>): Promise<void> => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const body = new URLSearchParams({ Version: '2010-05-08', RoleName: name, ...form }).toString();
    const answer = await root.fetch(url, { method: 'POST', headers, body });
    if (!answer.ok) throw new Error(`${form['Action']} of ${name}: ${answer.status} ${await answer.text()}`);
  };
  const allow = (statement: object): string =>
    JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }] });
  const trust = allow({ Principal: '*', Action: 'sts:AssumeRole' });
  await call({ Action: 'CreateRole', AssumeRolePolicyDocument: trust });
  const rights = allow({ Action: actions, Resource: '*' });
  await call({ Action: 'PutRolePolicy', PolicyName: 'rights', PolicyDocument: rights });

  const roleArn = `arn:aws:iam::${account}:role/${name}`;
  const sts = new STSClient({ endpoint: url, region, credentials: aws.credentials });
  const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: 'ada' }));
  return {
    roleArn,
    environment: {
      AWS_ACCESS_KEY_ID: Credentials?.AccessKeyId ?? '',
      AWS_SECRET_ACCESS_KEY: Credentials?.SecretAccessKey ?? '',
      AWS_SESSION_TOKEN: Credentials?.SessionToken ?? '',
    },
  };
};
