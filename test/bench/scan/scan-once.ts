/**
 * One reading of a cluster in a process of its own, so that its memory is its own: prints wall time, peak memory and
 * what was found as JSON. Arguments: path of a kubeconfig, and `scan` (deprecated APIs, Helm releases) or `full` (all
 * that is read of a cluster, and judged).
 */

import { openKubernetesReader } from '../../../functions/clients/kubernetes-reader-open.ts';
import type { ClusterFacts } from '../../../functions/records/upgrade/facts.ts';
import { systemClock } from '../../../functions/runtime/clock.ts';
import { CHECKS } from '../../../functions/upgrade/checks/registry.ts';
import type { Collector } from '../../../functions/upgrade/collection.ts';
import { COLLECTORS } from '../../../functions/upgrade/collectors/registry.ts';
import { examine } from '../../../functions/upgrade/examination.ts';
import { mergeFacts } from '../../../functions/upgrade/fact-merge.ts';
import { connectAsAdmin } from '../../support/admin-connection.ts';

const [, , kubeconfig = '', mode = 'scan'] = process.argv;
/** What peers of the field read: objects and Helm releases. */
const SCAN = new Set(['used APIs', 'Helm releases']);

const collectors = COLLECTORS.filter(({ name }) => mode === 'full' || SCAN.has(name));
const sources = { kubernetes: openKubernetesReader(connectAsAdmin(kubeconfig)), clock: systemClock };
const task = {
  cluster: 'bench',
  current: '1.36',
  target: '1.37',
  settings: { helmNamespaces: 'all' },
} as const;

const collect = async (collector: Collector): Promise<ClusterFacts> => {
  let facts: ClusterFacts = {};
  let cursor: string | undefined;
  do {
    const slice = await collector.collect(sources, task, cursor, new AbortController().signal);
    facts = mergeFacts(facts, slice.facts);
    ({ cursor } = slice);
  } while (cursor !== undefined);
  return facts;
};

const started = performance.now();
let facts: ClusterFacts = {};
for (const collector of collectors) facts = mergeFacts(facts, await collect(collector));
const { current, target } = task;
const { findings } = examine(
  facts,
  { cluster: 'bench', region: 'eu-central-1', current, target, now: new Date() },
  CHECKS,
);
const ms = performance.now() - started;
const unread = Object.values(facts).flatMap((topic) => topic?.unread ?? []);
console.log(
  JSON.stringify({
    ms,
    /** Kilobytes on Linux. */
    peakBytes: process.resourceUsage().maxRSS * 1024,
    objects: facts.usedApis?.items.length ?? 0,
    releases: facts.helm?.items.length ?? 0,
    findings: findings.length,
    unread: mode === 'full' ? 0 : unread.length,
  }),
);
