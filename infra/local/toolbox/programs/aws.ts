import process from 'node:process';
import { parseArgs } from 'node:util';
import { CliError, pick } from './aws-cli/cli-error.ts';
import { countKeys, openBucket, readKeys } from './aws-cli/objects.ts';
import { askSts, signIn } from './aws-cli/sign-in.ts';

/**
 * Plays the AWS CLI with the few calls that a Job asks in its shell, in the words of its answers and errors. Signed by
 * hand: a process that loads an SDK takes five times as long to start, and a probe starts one for each bucket.
 *
 * - `aws sts get-caller-identity --query Arn --output text`
 * - `aws s3api list-objects-v2 --bucket <name> --no-paginate --max-keys <n> [--query KeyCount --output text]`
 * - `aws s3 rm s3://<name> --recursive --only-show-errors`
 */

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;

const readArguments = (args: readonly string[]) =>
  parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      query: text,
      output: text,
      bucket: text,
      prefix: text,
      'max-keys': text,
      'no-paginate': flag,
      recursive: flag,
      'only-show-errors': flag,
    },
  });
type Asked = ReturnType<typeof readArguments>;

const getCallerIdentity = async ({ values }: Asked): Promise<string> => {
  const xml = await askSts('GetCallerIdentity', {}, await signIn());
  const identity = {
    UserId: pick(xml, 'UserId'),
    Account: pick(xml, 'Account'),
    Arn: pick(xml, 'Arn'),
  };
  return values.query === 'Arn' && values.output === 'text'
    ? identity.Arn
    : JSON.stringify(identity, undefined, 4);
};

const listObjects = async ({ values }: Asked): Promise<string> => {
  const xml = await openBucket(await signIn(), values.bucket ?? '').list({
    'max-keys': values['max-keys'] ?? '1000',
    prefix: values.prefix ?? '',
  });
  if (values.query === 'KeyCount' && values.output === 'text') return countKeys(xml);
  return JSON.stringify({ Contents: readKeys(xml).map((Key) => ({ Key })) }, undefined, 4);
};

const remove = async ({ values, positionals: [place = ''] }: Asked): Promise<undefined> => {
  const [, bucket] = /^s3:\/\/([^/]+)\/?$/.exec(place) ?? [];
  if (bucket === undefined || values.recursive !== true || values['only-show-errors'] !== true) {
    throw new CliError('unknown', `This stand-in of the AWS CLI empties whole buckets, and not ${place}`);
  }
  await openBucket(await signIn(), bucket).empty();
};

const CALLS: Readonly<Record<string, (asked: Asked) => Promise<string | undefined>>> = {
  'sts get-caller-identity': getCallerIdentity,
  's3api list-objects-v2': listObjects,
  's3 rm': remove,
};

try {
  const [service = '', command = '', ...args] = process.argv.slice(2);
  const call = CALLS[`${service} ${command}`];
  if (!call) {
    throw new CliError('unknown', `This stand-in of the AWS CLI does not know: aws ${service} ${command}`);
  }
  const said = await call(readArguments(args));
  if (said !== undefined) console.log(said);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = error instanceof CliError ? error.exitCode : 255;
}
