/**
 * One reading of a cluster in a process of its own, so that its memory is its own: prints wall time, peak memory and
 * what was found as JSON. Arguments: path of a kubeconfig, and `scan` (deprecated APIs, Helm releases) or `full` (all
 * that is read of a cluster, and judged).
 */

import { openKubernetesReader } from '../../../functions/clients/kubernetes-reader-open.ts';
import { systemClock } from '../../../functions/runtime/clock.ts';
import { CHECKS } from '../../../functions/upgrade/checks/registry.ts';
import { COLLECTORS } from '../../../functions/upgrade/collectors/registry.ts';
import { examine } from '../../../functions/upgrade/examination.ts';
import { collectAll } from '../../../functions/upgrade/reading/collect-all.ts';
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

const started = performance.now();
const facts = await collectAll(collectors, sources, task, new AbortController().signal);
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
