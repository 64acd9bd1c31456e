import { beforeEach } from 'vitest';
import type { AwsAccount } from '../../functions/clients/aws-account.ts';
import { openLocks } from '../../functions/clients/locks.ts';
import { openMaintenance } from '../../functions/clients/maintenance.ts';
import { openOutbox } from '../../functions/clients/outbox.ts';
import { openPauses } from '../../functions/clients/pauses.ts';
import {
  defaultUpgradeSettings,
  type UpgradeSettings,
} from '../../functions/records/configuration/upgrade.ts';
import { type RunOutcome, upgradeRunKey, upgradeRunKind } from '../../functions/records/upgrade/plan.ts';
import { UpgradeRequest } from '../../functions/records/upgrade/request.ts';
import { run as accept } from '../../functions/upgrade/accept-approval.ts';
import { run as advance } from '../../functions/upgrade/advance-upgrade.ts';
import { run as begin } from '../../functions/upgrade/begin-upgrade.ts';
import { run as check } from '../../functions/upgrade/check-gates.ts';
import { run as finish } from '../../functions/upgrade/finish-upgrade.ts';
import { run as plan } from '../../functions/upgrade/plan-upgrade.ts';
import { run as ask } from '../../functions/upgrade/request-approval.ts';
import { createFakeEks } from './fake-eks.ts';
import { type FakeHoldings, fakeKubernetesReader } from './fake-kubernetes-reader.ts';
import { createFixedClock } from './fixed-clock.ts';
import { createMemoryLedger } from './memory-ledger.ts';
import { kubeProxy, offering } from './plan-facts.ts';
import { createFakeNotifier } from './target-events.ts';
import { buildExecution, calmInvocation } from './target-world.ts';

/** A node of the group `general`, as the API server lists it. */
export const listNode = (name: string, ready = true) => ({
  metadata: { name, labels: { 'eks.amazonaws.com/nodegroup': 'general' } },
  spec: {},
  status: {
    conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
    nodeInfo: { kubeletVersion: 'v1.35.2-eks-1' },
  },
});
/** A Deployment with so many of three pods ready. */
export const listDeployment = (name: string, readyReplicas = 3) => ({
  metadata: { namespace: 'shop', name },
  spec: { replicas: 3, template: {} },
  status: { readyReplicas },
});

const account: AwsAccount = {
  readSubnets: async (questions) =>
    questions.map(({ id, usedBy }) => ({
      id,
      usedBy: [...usedBy],
      exists: true,
      zone: id,
      freeAddresses: 200,
    })),
  readQuotas: async () => [],
  readRole: async (id) => ({ kind: 'role', id, usable: true, reason: '' }),
  readKey: async (id) => ({ kind: 'key', id, usable: true, reason: '' }),
  readSecurityGroups: async () => [],
  readLaunchTemplate: async () => undefined,
};

const CNI = offering('vpc-cni', 'v1.20.4-eksbuild.2', [
  ['v1.21.1-eksbuild.10', '1.34 1.35 1.36', '1.35 1.36'],
  ['v1.20.4-eksbuild.2', '1.33 1.34 1.35', '1.34'],
]);

/** The real steps of an upgrade; EKS, ledger, topic and Kubernetes in memory. */
const createUpgradeWorld = (changes: Partial<UpgradeSettings>) => {
  const clock = createFixedClock('2026-11-21T12:00:00.000Z');
  const eks = createFakeEks(clock, [CNI, kubeProxy()]);
  const ledger = createMemoryLedger();
  const notifier = createFakeNotifier();
  const holdings: { -readonly [Key in keyof FakeHoldings]: FakeHoldings[Key] } = {
    objects: {
      nodes: [listNode('node-1'), listNode('node-2')],
      'deployments.apps': [listDeployment('web'), listDeployment('api')],
    },
  };
  const settings: UpgradeSettings = {
    ...defaultUpgradeSettings(),
    owner: 'drydock',
    bakeHours: 1,
    ...changes,
  };
  const state = { gitlabAnswers: true, offers: [] as string[] };
  const deps = {
    ledger,
    clock,
    locks: openLocks(ledger, clock),
    pauses: openPauses(ledger, clock),
    maintenance: openMaintenance(ledger, clock),
    outbox: openOutbox(ledger, notifier, clock),
    subjects: [{ cluster: 'blue', region: 'eu-central-1', environments: ['production'], settings }],
    sources: () => ({
      kubernetes: fakeKubernetesReader(holdings),
      eks: eks.reader,
      account,
      clock,
    }),
    eks: () => eks.reader,
    updater: () => eks.updater,
    gitlabOf: (_environment: string) => 'https://gitlab.example.com',
    probeGitLab: async (_url: string) => state.gitlabAnswers,
    offerChange: async () => undefined,
  };
  return { clock, eks, ledger, notifier, holdings, state, deps, settings };
};

export type UpgradeWorld = ReturnType<typeof createUpgradeWorld>;

/** A world for each test of a file. */
export const useUpgradeWorld = (settings: Partial<UpgradeSettings> = {}): (() => UpgradeWorld) => {
  let world: UpgradeWorld;
  beforeEach(() => {
    world = createUpgradeWorld(settings);
  });
  return () => world;
};

/** A recovery point of this morning, and a report nobody made: what the gates ask for, in one request. */
export const OPEN = {
  recoveryPoint: { name: 'rp-1', takenAt: '2026-11-21T06:00:00.000Z' },
  overrides: [
    { finding: 'report', why: 'a test' },
    { finding: 'backup', why: 'a test' },
  ],
};

/** The steps of the machine for one execution, in its order. */
export const execute = ({ deps, clock, ledger }: UpgradeWorld, name = 'upgrade-1', request: object = {}) => {
  const execution = buildExecution(name);
  const input = UpgradeRequest.parse({
    cluster: 'production',
    target: '1.36',
    by: 'Ada',
    why: 'a test',
    dryRun: false,
    ...OPEN,
    ...request,
  });
  let polls = 0;
  const steps = {
    execution,
    plan: () => plan({ execution, request: input }, deps, calmInvocation()),
    check: () => check({ execution }, deps, calmInvocation()),
    ask: async (taskToken = 'token-1') =>
      ask({ execution, taskToken, approvalSeconds: 86_400, gates: (await steps.check()).gates }, deps),
    accept: (answer: unknown) => accept({ execution, answer }, deps),
    begin: () => begin({ execution }, deps, calmInvocation()),
    advance: async () => {
      const looked = await advance({ execution, polls }, deps, calmInvocation());
      polls = looked.polls;
      return looked;
    },
    finish: (outcome: RunOutcome, reasons: string[] = []) =>
      finish({ execution, outcome, reasons, gates: [] }, deps),
    run: async () => (await ledger.read(upgradeRunKind, upgradeRunKey('blue', name)))?.value,
    /** Up to the begin, approved by somebody else. */
    start: async () => {
      const planned = await steps.plan();
      const gates = await steps.check();
      await steps.accept({ plan: planned.plan?.id, by: 'Grace' });
      const begun = await steps.begin();
      return { planned, gates, begun };
    },
    /** Looks and waits until `until` says so of a look, or the end. */
    follow: async (until: (message: string) => boolean = () => false) => {
      const messages: string[] = [];
      for (let look = 0; look < 400; look++) {
        const looked = await steps.advance();
        if (looked.message !== messages.at(-1)) messages.push(looked.message);
        if (looked.outcome !== 'under-way' || until(looked.message)) return { ...looked, messages };
        clock.advance(looked.waitSeconds * 1_000);
      }
      throw new Error(`No end after 400 looks: ${messages.slice(-3).join('; ')}`);
    },
  };
  return steps;
};
