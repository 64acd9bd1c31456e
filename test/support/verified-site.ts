import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stringify } from 'yaml';
import type { ExecutionState } from '../../functions/clients/executions.ts';
import type { VerificationTools } from '../../functions/commands/verify-aws/subject.ts';
import { runVerification } from '../../functions/commands/verify-aws.ts';
import { pauseKey, pauseKind } from '../../functions/records/pause.ts';
import { createFixedClock } from './fixed-clock.ts';
import { createMemoryLedger } from './memory-ledger.ts';

/** What every secret of the site holds. */
export const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
/** What the ARNs of its state machines begin with. */
export const MACHINE = 'arn:aws:states:eu-central-1:111122223333:stateMachine:drydock-main';

/** Writes a `drydock.yaml` with the site. @returns its path. */
export const writeSite = (
  changes: { site?: object; sources?: object; capabilities?: object } = {},
): string => {
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'drydock-verify-')), 'drydock.yaml');
  const site = { account: '111122223333', region: 'eu-central-1', webhook: { exposure: 'public' } };
  const configuration = {
    version: 1,
    sites: { main: { ...site, ...changes.site } },
    registries: { hub: { host: 'registry.example.com' } },
    sources: changes.sources ?? {
      registry: { kind: 'distribution', registry: 'hub', auth: { type: 'bearer', secret: 'bearer' } },
      pipelines: { kind: 'native', auth: { type: 'hmac', secret: 'pipelines' } },
    },
    ...(changes.capabilities ?? { deployment: {} }),
  };
  writeFileSync(file, stringify(configuration));
  return file;
};

type Post = { url: string; body: string; headers: Readonly<Record<string, string>> };

/** A deployed site at which everything works; each test changes one thing. */
export const createSite = () => {
  const clock = createFixedClock();
  const ledger = createMemoryLedger();
  const posts: Post[] = [];
  const started: { machine: string; input: unknown }[] = [];
  const isKnown = (headers: Post['headers']) =>
    headers['webhook-signature'] !== undefined || headers['Authorization'] === `Bearer ${SECRET}`;
  const ended: ExecutionState = {
    status: 'succeeded',
    startedAt: new Date(0),
    stoppedAt: new Date(1_500),
    output: '{}',
    error: undefined,
    cause: undefined,
  };
  const site = {
    ledger,
    posts,
    started,
    outputs: {
      LedgerBucketName: 'ledger',
      TopicArn: 'topic',
      DeploymentWebhookUrl: 'https://hooks.example.com/',
      DeploymentSweepMachineArn: `${MACHINE}-deployment-sweep`,
      DeploymentControlMachineArn: `${MACHINE}-control`,
    } as Record<string, string> | undefined,
    topic: { confirmed: 2, pending: 0 },
    state: ended as ExecutionState | undefined,
    answer: (headers: Post['headers']) =>
      isKnown(headers)
        ? {
            status: 200,
            body: '{"outcomes":[{"outcome":"ignored","reason":"no target uses this image"}]}',
          }
        : { status: 401, body: '{"message":"Unauthorized"}' },
  };
  const tools: VerificationTools = {
    clock,
    inspectSite: () => ({
      readStackOutputs: async () => site.outputs,
      readTopic: async () => site.topic,
    }),
    readSecret: async () => SECRET,
    post: async (url, body, headers = {}) => {
      posts.push({ url, body, headers });
      return site.answer(headers);
    },
    openLedger: () => ledger,
    openExecutions: () => ({
      start: async ({ machine, input }) => {
        started.push({ machine, input });
        const control = input as { pause?: string; resume?: string; by?: string; why?: string };
        const scope = control.pause ?? control.resume;
        if (scope !== undefined) {
          const before = await ledger.read(pauseKind, pauseKey(scope));
          const record = {
            version: 1 as const,
            scope,
            paused: control.pause !== undefined,
            by: control.by ?? '',
            why: control.why ?? '',
            since: clock.now().toISOString(),
          };
          if (before) await ledger.change(pauseKind, pauseKey(scope), before.etag, record);
          else await ledger.claim(pauseKind, pauseKey(scope), record);
        }
        return 'started';
      },
      describe: async () => site.state,
    }),
  };
  return { site, tools };
};

/** Runs the command on the site; `plan` is what it said beforehand. */
export const verify = async (
  { tools }: ReturnType<typeof createSite>,
  args: string[] = [],
  file: string = writeSite(),
): Promise<{ output: string; exitCode: number; plan: string }> => {
  const plan: string[] = [];
  const ended = await runVerification(['--site', 'main', '--file', file, ...args], tools, (text) =>
    plan.push(text),
  );
  return { ...ended, plan: plan.join('\n') };
};
