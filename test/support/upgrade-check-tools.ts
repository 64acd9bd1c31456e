import type { UpgradeCheckTools, UserCluster } from '../../functions/commands/upgrade-check/tools.ts';
import { defineCheck } from '../../functions/upgrade/check.ts';
import type { Collector } from '../../functions/upgrade/reading/collection.ts';
import { fakeAws } from './fake-aws.ts';
import { fakeKubernetesReader } from './fake-kubernetes-reader.ts';
import { createFixedClock } from './fixed-clock.ts';
import { buildNodeGroup, topicOf, unreadTopic } from './upgrade-facts.ts';

/** An object that 1.37 no longer serves in this version. */
export const GONE_API =
  'apiVersion: storage.k8s.io/v1beta1\nkind: VolumeAttributesClass\nmetadata:\n  name: gold\n';

/** What the command did with the outside. */
export type Told = readonly [what: 'open' | 'aws' | 'helm', value: unknown];

/** The context says how the check of its cluster ends; `kind` is no cluster of EKS, `strange` has no version. */
const openCluster = (context: string): UserCluster => ({
  context,
  kubernetes: {
    ...fakeKubernetesReader({}),
    readVersion: async () => (context === 'strange' ? 'unknown' : 'v1.35.2-eks-1a2b3c'),
  },
  ...(context === 'kind'
    ? { eks: {} }
    : { eks: { cluster: 'gitlab', region: 'eu-central-1' }, profile: 'work' }),
});

const noteHelm = (told: Told[]): Collector => ({
  name: 'helm',
  collect: async (_, { settings }) => {
    told.push(['helm', settings.helmNamespaces]);
    return { facts: { helm: topicOf() } };
  },
});

/** Two slices, since a driver that takes only one loses what there is. */
const collectNodeGroups = (context: () => string): Collector => ({
  name: 'node groups',
  collect: async (_, __, cursor) => {
    if (cursor === undefined) return { facts: { nodeGroups: topicOf() }, cursor: 'more' };
    const isRefused = context() === 'not-checked';
    return {
      facts: {
        nodeGroups: isRefused ? unreadTopic('node groups', 'eks:ListNodegroups') : topicOf(buildNodeGroup()),
      },
    };
  },
});

const judgeNodeGroups = (context: () => string) =>
  defineCheck({
    code: 'nodes',
    title: 'Nodes are well',
    reads: ['nodeGroups'],
    judge: ({ nodeGroups }) => {
      const result = context();
      if (result !== 'block' && result !== 'warn') return [];
      return nodeGroups.map(({ name }) => ({
        result,
        subject: `node group ${name}`,
        message: 'Its image is gone.',
        remedy: { text: 'Move them.', command: 'eksctl create nodegroup' },
      }));
    },
  });

/** Tools over a cluster at 1.35 whose only check ends as its context is called: `block`, `clean` and so on. */
export const buildInstruments = (told: Told[]): UpgradeCheckTools => {
  let context = 'block';
  return {
    openCluster: (choice) => {
      const { context: named, kubeconfig } = choice;
      told.push(['open', { context: named, kubeconfig }]);
      context = named ?? 'block';
      return openCluster(context);
    },
    openAws: (region, profile) => {
      told.push(['aws', { region, profile }]);
      return fakeAws();
    },
    collectors: [collectNodeGroups(() => context), noteHelm(told)],
    checks: [judgeNodeGroups(() => context)],
    clock: createFixedClock('2026-11-21T05:00:00.000Z'),
    readStdin: async () => '',
    write: async () => undefined,
    showProgress: () => undefined,
    region: undefined,
    width: 120,
  };
};
