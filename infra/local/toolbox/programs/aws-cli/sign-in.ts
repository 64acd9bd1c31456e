import { readFile } from 'node:fs/promises';
import process from 'node:process';
import { AwsClient } from 'aws4fetch';
import { pick, refuse, variable } from './cli-error.ts';

/** Asks STS. @param client signs it; the call by which one signs in needs none. @returns its answer, in XML. */
export const askSts = async (
  operation: string,
  query: Record<string, string>,
  client?: AwsClient,
): Promise<string> => {
  const body = new URLSearchParams({ Action: operation, Version: '2011-06-15', ...query }).toString();
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const request = { method: 'POST', headers, body };
  const url = `${variable('AWS_ENDPOINT_URL')}/`;
  const answer = await (client
    ? client.fetch(url, { ...request, aws: { service: 'sts', region: variable('AWS_REGION') } })
    : fetch(url, request));
  const xml = await answer.text();
  if (!answer.ok) throw refuse(operation, xml);
  return xml;
};

/** The role of the ServiceAccount, by its token. */
export const signIn = async (): Promise<AwsClient> => {
  const xml = await askSts('AssumeRoleWithWebIdentity', {
    RoleArn: variable('AWS_ROLE_ARN'),
    RoleSessionName: `aws-cli-${process.pid}`,
    WebIdentityToken: await readFile(variable('AWS_WEB_IDENTITY_TOKEN_FILE'), 'utf8'),
  });
  return new AwsClient({
    accessKeyId: pick(xml, 'AccessKeyId'),
    secretAccessKey: pick(xml, 'SecretAccessKey'),
    sessionToken: pick(xml, 'SessionToken'),
    retries: 0,
  });
};
