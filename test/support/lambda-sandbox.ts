import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleOf } from '../../infra/constructs/function-bundles.ts';

const MAIN = fileURLToPath(new URL('lambda-sandbox-main.ts', import.meta.url));

interface Reply {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: { readonly name: string; readonly message: string };
}

export interface LambdaSandbox {
  /** Milliseconds that loading the bundle and wiring it took. */
  readonly initMs: number;
  /** Calls the handler as the platform does; rejects with the name and message that Step Functions would see. */
  invoke(event: unknown): Promise<unknown>;
  /** Everything written to the log so far. */
  log(): string;
  stop(): Promise<void>;
}

/**
 * Runs the built bundle of one Lambda in a Node process of its own, with the configuration layer where Lambda mounts
 * it and no environment but the given one. It leaves out the time limit's kill, the role and the memory limit.
 */
export const startLambdaSandbox = async (
  entry: string,
  { configuration, environment }: { configuration: unknown; environment: Record<string, string> },
): Promise<LambdaSandbox> => {
  const folder = mkdtempSync(path.join(tmpdir(), 'drydock-sandbox-'));
  const bundle = path.join(folder, 'index.mjs');
  writeFileSync(bundle, bundleOf(entry).module);
  const layer = path.join(folder, 'nodejs', 'node_modules', 'drydock-configuration');
  mkdirSync(layer, { recursive: true });
  writeFileSync(path.join(layer, 'package.json'), JSON.stringify({ name: 'drydock-configuration' }));
  writeFileSync(path.join(layer, 'configuration.json'), JSON.stringify(configuration));

  const child = fork(MAIN, [bundle], {
    env: {
      ...environment,
      AWS_LAMBDA_FUNCTION_NAME: path.basename(entry),
      NODE_PATH: path.join(folder, 'nodejs', 'node_modules'),
    },
    execArgv: [],
    silent: true,
  });
  let written = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      written += chunk.toString();
    });
  }

  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  const expectReply = (id: number): Promise<unknown> => {
    const reply = Promise.withResolvers<unknown>();
    waiting.set(id, reply);
    return reply.promise;
  };
  child.on('message', (message) => {
    const { id, result, error } = message as Reply;
    if (error) waiting.get(id)?.reject(Object.assign(new Error(error.message), { name: error.name }));
    else waiting.get(id)?.resolve(result);
    waiting.delete(id);
  });
  child.on('exit', (code) => {
    const error = new Error(`The sandbox of ${entry} ended with ${code}:\n${written}`);
    for (const reply of waiting.values()) reply.reject(error);
    rmSync(folder, { recursive: true, force: true });
  });

  const initMs = Number(await expectReply(0));
  let calls = 0;
  return {
    initMs,
    invoke: (event) => {
      const id = ++calls;
      const reply = expectReply(id);
      child.send({ id, event });
      return reply;
    },
    log: () => written,
    stop: async () => {
      if (child.exitCode !== null) return;
      const ended = once(child, 'exit');
      child.kill();
      await ended;
    },
  };
};
