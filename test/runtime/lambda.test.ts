import { setTimeout } from 'node:timers/promises';
import type { Context } from 'aws-lambda';
import { afterEach, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { handler as verifyImage } from '../../functions/deployment/verify-image.ts';
import { DefectError, RefusedError, TransientError } from '../../functions/runtime/errors.ts';
import { type Invocation, makeLambda } from '../../functions/runtime/lambda.ts';
import { captureOutput } from '../support/captured-output.ts';
import { buildEvent } from '../support/image-events.ts';
import { buildLambdaContext } from '../support/lambda-context.ts';
import { buildExecution } from '../support/target-world.ts';

/** What Lambda itself passes: the signal comes from the bundle. */
const NO_SIGNAL = { signal: new AbortController().signal };
const CANARY = 'canary-4711-never-logged';

const contract = {
  Env: z.object({ DRYDOCK_TEST_GREETING: z.string().min(1) }),
  Input: z.object({ name: z.string().min(2), secret: z.string().optional() }),
  Output: z.object({ greeting: z.string() }),
};

type Run = (
  input: { name: string },
  deps: { greeting: string },
  invocation: Invocation,
) => Promise<{ greeting: string }>;

const createGreeter = (
  run: Run = async ({ name }, { greeting }) => ({ greeting: `${greeting} ${name}` }),
) => {
  const wired: string[] = [];
  const handler = makeLambda({
    contract,
    deps: ({ DRYDOCK_TEST_GREETING }) => {
      wired.push(DRYDOCK_TEST_GREETING);
      return { greeting: DRYDOCK_TEST_GREETING };
    },
    run,
  });
  const call = async (event: unknown, context: Partial<Context> = {}) =>
    handler(event, buildLambdaContext(context), NO_SIGNAL);
  return { call, wired };
};

const output = captureOutput();
afterEach(() => vi.unstubAllEnvs());
const greet = (): void => {
  vi.stubEnv('DRYDOCK_TEST_GREETING', 'hello');
};

describe('a Lambda', () => {
  it('gives what run gives, wired from its environment, once a sandbox', async () => {
    greet();
    const { call, wired } = createGreeter();
    expect(await call({ name: 'kim' })).toEqual({ greeting: 'hello kim' });
    await call({ name: 'sam' });
    expect(wired).toEqual(['hello']);
  });

  it('refuses an input that does not fit, says where, and does not run', async () => {
    greet();
    const run = vi.fn<Run>();
    await expect(createGreeter(run).call({ name: 'k' })).rejects.toMatchObject({
      name: 'RefusedError',
      code: 'input.invalid',
      message: expect.stringMatching(/is not what it takes:\n(.|\n)*at name/),
    });
    expect(run).not.toHaveBeenCalled();
  });

  it('without its environment it is a defect that names the variable', async () => {
    await expect(createGreeter().call({ name: 'kim' })).rejects.toMatchObject({
      name: 'DefectError',
      code: 'environment.invalid',
      message: expect.stringContaining('DRYDOCK_TEST_GREETING'),
    });
  });

  it('on Lambda it fails at init already, where the deployment sees it', () => {
    vi.stubEnv('AWS_LAMBDA_FUNCTION_NAME', 'greet');
    expect(() => createGreeter()).toThrow(expect.objectContaining({ code: 'environment.invalid' }));
  });

  it.each([
    new TransientError('registry.unreachable', 'down', { retryAfterSeconds: 7 }),
    new RefusedError('registry.unauthorized', 'no'),
    new DefectError('plan.missing', 'bug'),
  ])('$name of run reaches the caller as it is', async (error) => {
    greet();
    const { call } = createGreeter(async () => {
      throw error;
    });
    await expect(call({ name: 'kim' })).rejects.toBe(error);
  });

  it.each([
    ['an error', new TypeError('x is not a function'), 'x is not a function'],
    ['a text', 'thrown text', 'thrown text'],
  ])('%s that nobody expected becomes a DefectError, with its cause', async (_, thrown, message) => {
    greet();
    const { call } = createGreeter(async () => {
      throw thrown;
    });
    await expect(call({ name: 'kim' })).rejects.toMatchObject({
      name: 'DefectError',
      code: 'unexpected',
      message,
      cause: thrown,
    });
  });

  it('an output that does not fit its contract is a defect', async () => {
    greet();
    const { call } = createGreeter(async () => JSON.parse('{}'));
    await expect(call({ name: 'kim' })).rejects.toMatchObject({ name: 'DefectError', code: 'unexpected' });
  });

  it('close to its time limit it aborts what runs, and ends as transient', async () => {
    greet();
    let seen: AbortSignal | undefined;
    const { call } = createGreeter(async (_input, _deps, { signal }) => {
      seen = signal;
      // Would end well, had it the 750 ms that are kept back for the answer.
      await setTimeout(500);
      return { greeting: 'too late' };
    });
    const ending = call({ name: 'kim' }, { getRemainingTimeInMillis: () => 751 });
    await expect(ending).rejects.toMatchObject({ name: 'TransientError', code: 'lambda.timeout' });
    expect(seen?.aborted).toBe(true);
  });

  it('says how much time is left until then', async () => {
    greet();
    let left = 0;
    const { call } = createGreeter(async (_input, _deps, invocation) => {
      left = invocation.remainingMs();
      return { greeting: '' };
    });
    await call({ name: 'kim' }, { getRemainingTimeInMillis: () => 10_750 });
    expect(left).toBe(10_000);
  });
});

describe('what a Lambda logs', () => {
  it('the code of an error and the execution, and nothing of the input', async () => {
    greet();
    const { call } = createGreeter(async () => {
      throw new RefusedError('registry.unauthorized', 'the registry refuses us');
    });
    const event = { name: 'kim', secret: CANARY, execution: buildExecution('deployment-1') };
    await call(event).catch(() => undefined);
    expect(output.text()).toMatch(/"message":"the registry refuses us"/);
    expect(output.text()).toMatch(/"code":"registry\.unauthorized"/);
    expect(output.text()).toMatch(/"execution":"deployment-1"/);
    expect(output.text()).not.toContain(CANARY);
  });

  it('an input that does not fit is told by its paths, not by its values', async () => {
    greet();
    await createGreeter()
      .call({ name: 7, secret: CANARY })
      .catch(() => undefined);
    expect(output.text()).toContain('at name');
    expect(output.text()).not.toContain(CANARY);
  });

  it.each([
    ['a person has to act on our bug', new DefectError('plan.missing', 'bug'), 'ERROR'],
    ['what passes by itself is a warning', new TransientError('sns.down', 'down'), 'WARN'],
  ])('%s', async (_, error, level) => {
    greet();
    const { call } = createGreeter(async () => {
      throw error;
    });
    await call({ name: 'kim' }).catch(() => undefined);
    expect(output.text()).toContain(`"level":"${level}"`);
  });
});

describe('the exported handler of verify-image', () => {
  const call = (event: unknown) => verifyImage(event, buildLambdaContext(), NO_SIGNAL);

  it('is the wired one: it parses its input', async () => {
    await expect(call({ event: {} })).rejects.toMatchObject({ name: 'RefusedError', code: 'input.invalid' });
  });

  it('is the wired one: it parses its environment', async () => {
    await expect(call({ event: buildEvent(), execution: buildExecution() })).rejects.toMatchObject({
      name: 'DefectError',
      code: 'environment.invalid',
      message: expect.stringContaining('LEDGER_BUCKET'),
    });
  });
});
