import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { runWhy, type WhyTools } from '../../functions/commands/why.ts';
import { noteTarget } from '../../functions/deployment/target-history.ts';
import { type ImageEntry, imageEntryKey, imageEntryKind } from '../../functions/records/decision.ts';
import { type Pause, pauseKey, pauseKind } from '../../functions/records/pause.ts';
import { type TargetState, targetStateKey, targetStateKind } from '../../functions/records/target-state.ts';
import { createFixedClock } from './fixed-clock.ts';
import { createMemoryLedger } from './memory-ledger.ts';
import { DIGEST_B, IMAGE } from './workload-builders.ts';

export const CONTROL = 'arn:aws:states:eu-central-1:123456789012:stateMachine:drydock-control';
const YAML = `version: 1
sites:
  main: { account: '123456789012', region: eu-central-1 }
  other: { account: '123456789012', region: eu-west-1 }
environments:
  production: { cluster: { name: shop }, site: main }
  abroad: { cluster: { name: shop }, site: other }
registries:
  gitlab: { host: registry.example.com }
deployment:
  targets:
    web:
      environment: production
      workload: { kind: Deployment, namespace: shop, name: web }
      container: web
      image: ${IMAGE}
      policy: { type: semver, range: ^1.0.0 }
      mode: act
    api:
      environment: abroad
      workload: { kind: Deployment, namespace: shop, name: api }
      container: api
      image: registry.example.com/shop/api
      policy: { type: semver, range: ^1.0.0 }
`;

let folder = '';
let file = '';

/** Writes the `drydock.yaml` of the sites for all tests of a file. @returns where it lies, or another file beside it. */
export const useDrydockYaml = (): ((name?: string) => string) => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'drydock-why-'));
    file = join(folder, 'drydock.yaml');
    await writeFile(file, YAML);
  });
  afterAll(() => rm(folder, { recursive: true }));
  return (name = 'drydock.yaml') => join(folder, name);
};

/** Two sites with a stack and a ledger each; what is asked of them is noted. */
export const createSites = () => {
  const ledgers = new Map(
    ['ledger-main', 'ledger-other', 'mine'].map((name) => [name, createMemoryLedger()]),
  );
  const opened: string[] = [];
  const tools: WhyTools = {
    openLedger: ({ bucket, region }) => {
      opened.push(`${bucket} in ${region ?? 'the own region'}`);
      return ledgers.get(bucket) ?? createMemoryLedger();
    },
    readOutputs: async (stack) => ({
      LedgerBucketName: stack.replace('drydock', 'ledger'),
      DeploymentControlMachineArn: CONTROL,
    }),
    clock: createFixedClock('2026-03-01T12:00:00.000Z'),
    bucket: undefined,
    width: 200,
  };
  const main = ledgers.get('ledger-main') ?? createMemoryLedger();
  const decide = (day: string, answer: { outcome: string; reason: string; tag?: string }, target = 'web') => {
    const execution = {
      arn: `arn:${day}-${target}`,
      name: `d-${day}`,
      startedAt: `2026-02-${day}T08:00:00.000Z`,
    };
    const about = { at: `2026-02-${day}T08:00:01.500Z`, target, image: IMAGE, digest: DIGEST_B, execution };
    return noteTarget(main, { tag: '1.1.0', ...about }, { code: 'policy', ...answer });
  };
  const event = (day: string, outcome: ImageEntry['outcome'], reason: string, tag = '1.1.0') => {
    const execution = { arn: 'arn:e', name: `e-${day}`, startedAt: `2026-02-${day}T07:59:00.000Z` };
    const at = `2026-02-${day}T07:59:01.000Z`;
    const entry: ImageEntry = {
      version: 1,
      at,
      image: IMAGE,
      tag,
      source: 'gitlab',
      outcome,
      reason,
      execution,
    };
    return main.claim(imageEntryKind, imageEntryKey(entry), entry);
  };
  const hold = (state: Partial<TargetState>) =>
    main.claim(targetStateKind, targetStateKey('web'), { version: 1, target: 'web', holds: [], ...state });
  const pause = (overrides: Partial<Pause>) => {
    const written = {
      version: 1 as const,
      scope: 'all',
      paused: true,
      by: 'kim',
      why: 'incident 7',
      since: '2026-03-01T09:00:00.000Z',
      ...overrides,
    };
    return main.claim(pauseKind, pauseKey(written.scope), written);
  };
  const why = (...args: string[]) => runWhy(['--file', file, ...args], tools);
  return { tools, main, mine: ledgers.get('mine'), opened, decide, event, hold, pause, why };
};
