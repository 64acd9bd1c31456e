import { readdir } from 'node:fs/promises';
import type { Context } from 'aws-lambda';
import { expect, it } from 'vitest';
import { captureOutput } from '../support/captured-output.ts';
import { buildLambdaContext } from '../support/lambda-context.ts';

/** What Lambda calls: the export of the name `handler`, whatever stands behind it. */
interface LambdaModule {
  readonly handler: (event: unknown, context: Context) => Promise<unknown>;
}

const ROOM = new URL('../../functions/deployment/', import.meta.url);
const lambdas = (await readdir(ROOM))
  .filter((file) => file.endsWith('.contract.ts'))
  .map((file) => file.replace('.contract.ts', ''));

captureOutput();

it.each(lambdas)(
  'the exported handler of %s is the wired one: it refuses what is not its input',
  async (name) => {
    const { handler }: LambdaModule = await import(new URL(`${name}.ts`, ROOM).href);
    await expect(handler(null, buildLambdaContext())).rejects.toMatchObject({
      name: 'RefusedError',
      code: 'input.invalid',
    });
  },
);
