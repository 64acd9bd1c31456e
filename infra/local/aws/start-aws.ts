import { mkdir, rm } from 'node:fs/promises';
import { devNull } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { startChild } from '../child-processes.ts';
import { findFreePort } from '../free-port.ts';
import { ensurePythonEnvironment } from '../python-environment.ts';
import { formatDuration, type Report } from '../report.ts';
import { makeLocalUrl } from './local-url.ts';

export interface StartAws {
  /** Takes the log and all that the local AWS writes; is made when absent. */
  readonly folder: string;
  readonly report: Report;
  /** Reaches every Lambda, so it may hold no secret: `AWS_ENDPOINT_URL_EKS` goes in here. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Where to listen, when somebody has to know before it starts; otherwise a free port. */
  readonly port?: number;
  /** Whose account it plays, and where; the ones of a `drydock.yaml` to deploy. */
  readonly account?: string;
  readonly region?: string;
  /** Factor on Wait states and retry pauses: 1 is real time, 0.1 ten times as fast. */
  readonly waitScale?: number;
  /** Fixes of patches.py to leave out; for the tests that see whether they are still needed. */
  readonly without?: readonly string[];
}

export interface LocalAws {
  /** The one endpoint of all services. */
  readonly url: string;
  readonly region: string;
  readonly account: string;
  /** The account's root user: may do everything, as the person who deploys. */
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** What the SDK and the command line tools need in their environment to work here as that user. */
  environment(): Record<string, string>;
  /** Where all services and all Lambdas write what happened. */
  readonly logFile: string;
  /** Turns a URL of an HTTP API on AWS (a stack output) into the one that answers here. */
  localUrl(urlOnAws: string): string;
  /** Forgets everything, the CDK bootstrap included. */
  reset(): Promise<void>;
  /** Ends it and its Lambdas and clears their scratch folder; resolves when they are gone. */
  stop(): Promise<void>;
  /** Ends it and its Lambdas as a power cut would, in the middle of what they do, and leaves the scratch folder. */
  kill(): Promise<void>;
}

/** The account number that AWS's own documentation uses, and a region as good as any. */
const EXAMPLE = { account: '111122223333', region: 'eu-central-1' };

const LAUNCHER = fileURLToPath(new URL('./launcher.py', import.meta.url));
/** Holds Node 24, which runs the Lambdas whatever Node the host has. */
const NODE_BIN = fileURLToPath(new URL('../../../node_modules/.bin', import.meta.url));

/**
 * Starts the local AWS: MiniStack with IAM enforced and the fixes of patches.py, on a free loopback port.
 *
 * @throws Error with the end of its log when it does not come up; one that names the fix when MiniStack is
 * not the version the fixes were written for.
 */
export const startAws = async (options: StartAws): Promise<LocalAws> => {
  const started = performance.now();
  const { account, region } = { ...EXAMPLE, ...options };
  const { bin } = await ensurePythonEnvironment(options.report);
  const scratch = join(options.folder, 'scratch');
  await mkdir(scratch, { recursive: true });
  const port = options.port ?? (await findFreePort());
  const url = `http://127.0.0.1:${port}`;
  const env = {
    // Nothing is inherited: all of this reaches every Lambda.
    PATH: [NODE_BIN, bin, '/usr/local/bin', '/usr/bin', '/bin'].join(delimiter),
    LANG: 'C.UTF-8',
    // Instead of the user's, where credentials of real accounts lie.
    HOME: scratch,
    TMPDIR: scratch,
    GATEWAY_PORT: String(port),
    BIND_HOST: '127.0.0.1',
    // Queue URLs carry this host; `localhost` would be tried as ::1 first.
    MINISTACK_HOST: '127.0.0.1',
    MINISTACK_ACCOUNT_ID: account,
    MINISTACK_REGION: region,
    AUTH: 'true',
    // The quota of a real account, instead of one computed from this machine's memory.
    LAMBDA_ACCOUNT_CONCURRENCY: '1000',
    SFN_WAIT_SCALE: String(options.waitScale ?? 1),
    ...options.environment,
  };
  const without = (options.without ?? []).flatMap((fix) => ['--without', fix]);
  const child = await startChild({
    name: 'aws',
    command: join(bin, 'python'),
    // -B: no byte code beside our sources; pip has compiled MiniStack's own.
    args: ['-B', LAUNCHER, ...without],
    env,
    folder: options.folder,
    isReady: () => isHealthy(url),
  });
  options.report(`AWS: ready on ${url} after ${formatDuration(performance.now() - started)}`);

  // A key that is an account number is the root user of that account; its signature is not checked.
  const credentials = { accessKeyId: account, secretAccessKey: 'local' };
  return {
    url,
    region,
    account,
    credentials,
    logFile: child.logFile,
    environment: () => ({
      AWS_ENDPOINT_URL: url,
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      // No file and no instance profile of this machine may add an identity of a real account.
      AWS_CONFIG_FILE: devNull,
      AWS_SHARED_CREDENTIALS_FILE: devNull,
      AWS_EC2_METADATA_DISABLED: 'true',
      ...options.environment,
    }),
    localUrl: makeLocalUrl(url),
    reset: async () => {
      const response = await fetch(`${url}/_ministack/reset`, { method: 'POST' });
      if (!response.ok)
        throw new Error(`The local AWS did not reset: HTTP ${response.status}. See ${child.logFile}`);
    },
    stop: async () => {
      // It has nothing to save, and a polite SIGTERM makes it wait 3 s for each client that keeps a connection.
      await child.kill();
      await rm(scratch, { recursive: true, force: true });
    },
    kill: () => child.kill(),
  };
};

const isHealthy = (url: string): Promise<boolean> =>
  fetch(`${url}/_ministack/health`).then(
    (response) => response.ok,
    () => false,
  );
