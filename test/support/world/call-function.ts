import { readFile } from 'node:fs/promises';
import { AwsClient } from 'aws4fetch';
import * as z from 'zod';
import type { World } from '../../../infra/local/world/start-world.ts';

const Functions = z.object({ Functions: z.array(z.object({ FunctionName: z.string() })) });

/** A sample of `events/deployment/`, with texts replaced so that it speaks of this world. */
export const readSample = async (
  name: string,
  replacements: Readonly<Record<string, string>>,
): Promise<unknown> => {
  const file = new URL(`../../../events/deployment/${name}.json`, import.meta.url);
  let text = await readFile(file, 'utf8');
  for (const [from, to] of Object.entries(replacements)) text = text.replaceAll(from, to);
  return JSON.parse(text);
};

/**
 * Calls a deployed function as the console's test button does.
 *
 * @param name the function's name as in the stack: `ApplyImage`.
 * @param within the construct that it is in.
 * @throws Error with what the function threw.
 */
export const callFunction = async (
  { aws }: World,
  name: string,
  input: unknown,
  within = 'Deployment',
): Promise<unknown> => {
  const client = new AwsClient({ ...aws.credentials, region: aws.region, service: 'lambda' });
  const root = `${aws.url}/2015-03-31/functions`;
  const listed = await (await client.fetch(`${root}/?MaxItems=100`)).json();
  const found = Functions.parse(listed).Functions.find(({ FunctionName }) =>
    FunctionName.includes(`${within}${name}Function`),
  );
  if (!found) throw new Error(`There is no function ${name}.`);
  const response = await client.fetch(`${root}/${found.FunctionName}/invocations`, {
    method: 'POST',
    body: JSON.stringify(input),
  });
  const text = await response.text();
  if (response.headers.has('x-amz-function-error')) throw new Error(`${name} failed: ${text}`);
  return JSON.parse(text);
};
