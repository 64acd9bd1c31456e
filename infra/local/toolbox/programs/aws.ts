import { readFile } from 'node:fs/promises';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { AwsClient } from 'aws4fetch';

/**
 * Plays the AWS CLI with the few calls that a Job asks in its shell, in the words of its answers and errors. Signed by
 * hand: a process that loads an SDK takes five times as long to start, and a probe starts one for each bucket.
 *
 * - `aws sts get-caller-identity --query Arn --output text`
 * - `aws s3api list-objects-v2 --bucket <name> --no-paginate --max-keys <n>`
 */

/** Of the real CLI, for what a service refused and for a command that it does not know. */
const REFUSED = 254;
const UNKNOWN = 252;

class CliError extends Error {
  readonly exitCode: number;
  constructor(exitCode: number, message: string) {
    super(message);
    this.exitCode = exitCode;
  }
}

const variable = (name: string): string => {
  const value = process.env[name];
  if (value === undefined || value === '') throw new CliError(253, `You must specify ${name}.`);
  return value;
};

/** The text within an element of an answer. */
const pick = (xml: string, element: string): string =>
  new RegExp(`<${element}>([^<]*)</${element}>`).exec(xml)?.[1] ?? '';

const refuse = (operation: string, xml: string): CliError =>
  new CliError(
    REFUSED,
    `\nAn error occurred (${pick(xml, 'Code')}) when calling the ${operation} operation: ${pick(xml, 'Message')}`,
  );

const askSts = async (
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
const signIn = async (): Promise<AwsClient> => {
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

const text = { type: 'string' } as const;

const run = async (service: string, command: string, args: readonly string[]): Promise<string> => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      query: text,
      output: text,
      bucket: text,
      prefix: text,
      'max-keys': text,
      'no-paginate': { type: 'boolean' },
    },
  });
  if (service === 'sts' && command === 'get-caller-identity') {
    const xml = await askSts('GetCallerIdentity', {}, await signIn());
    const identity = {
      UserId: pick(xml, 'UserId'),
      Account: pick(xml, 'Account'),
      Arn: pick(xml, 'Arn'),
    };
    return values.query === 'Arn' && values.output === 'text'
      ? identity.Arn
      : JSON.stringify(identity, undefined, 4);
  }
  if (service === 's3api' && command === 'list-objects-v2') {
    const query = new URLSearchParams({
      'list-type': '2',
      'max-keys': values['max-keys'] ?? '1000',
      prefix: values.prefix ?? '',
    });
    const endpoint = process.env['AWS_ENDPOINT_URL_S3'] ?? variable('AWS_ENDPOINT_URL');
    const client = await signIn();
    const answer = await client.fetch(`${endpoint}/${values.bucket ?? ''}?${query.toString()}`, {
      aws: { service: 's3', region: variable('AWS_REGION') },
    });
    const xml = await answer.text();
    if (!answer.ok) throw refuse('ListObjectsV2', xml);
    const keys = [...xml.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, Key]) => ({ Key }));
    return JSON.stringify({ Contents: keys }, undefined, 4);
  }
  throw new CliError(UNKNOWN, `This stand-in of the AWS CLI does not know: aws ${service} ${command}`);
};

try {
  const [service = '', command = '', ...args] = process.argv.slice(2);
  console.log(await run(service, command, args));
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = error instanceof CliError ? error.exitCode : 255;
}
