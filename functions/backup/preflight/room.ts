import * as z from 'zod';
import type { QuotaState } from '../../clients/kubernetes-quotas.ts';
import type { CronJob } from '../../records/kubernetes-job.ts';
import type { RoomFact } from './facts.ts';
import { parseQuantity } from './quantity.ts';

/** What quotas of the namespace leave for the pod of the backup. */

type PodSpec = CronJob['spec']['jobTemplate']['spec']['template']['spec'];

const Amounts = z.record(z.string(), z.union([z.string(), z.number()]).transform(String)).default({});
const Resources = z.object({ requests: Amounts, limits: Amounts }).catch({ requests: {}, limits: {} });
const InitContainers = z.array(z.looseObject({ restartPolicy: z.string().optional() })).catch([]);

/**
 * Each resource of a quota that the pod uses. Quotas with scopes hold for some pods only, and are passed over; what a
 * LimitRange fills in is not known here, and counts as nothing.
 *
 * Source: Kubernetes documentation, "Resource Quotas".
 */
export const measureRoom = (spec: PodSpec, quotas: readonly QuotaState[]): RoomFact[] => {
  const needs = needsOf(spec);
  return quotas
    .filter(({ scoped }) => !scoped)
    .flatMap(({ name, hard, used }) =>
      Object.entries(hard).flatMap(([resource, most]): RoomFact[] => {
        const needed = needs.get(resource);
        const [limit, taken] = [parseQuantity(most), parseQuantity(used[resource] ?? '0')];
        if (needed === undefined || limit === undefined || taken === undefined) return [];
        const free = Math.max(0, limit - taken);
        return [{ resource, free, needed, limitedBy: `ResourceQuota ${name}`, grows: false }];
      }),
    );
};

/**
 * What a Job and its pod use. Init containers run one after the other before the rest, so the largest of them counts;
 * those that restart, as sidecars do, run beside it.
 */
const needsOf = (spec: PodSpec): ReadonlyMap<string, number> => {
  const init = InitContainers.parse(spec['initContainers']);
  const beside = [...spec.containers, ...init.filter(({ restartPolicy }) => restartPolicy === 'Always')];
  const before = init.filter(({ restartPolicy }) => restartPolicy !== 'Always');
  const needs = new Map([
    ['pods', 1],
    ['count/pods', 1],
    ['count/jobs.batch', 1],
  ]);
  for (const kind of ['requests', 'limits'] as const) {
    const amount = (container: object, resource: string): number =>
      parseQuantity(Resources.parse(pick(container))[kind][resource] ?? '0') ?? 0;
    for (const resource of ['cpu', 'memory', 'ephemeral-storage']) {
      const running = beside.reduce((sum, one) => sum + amount(one, resource), 0);
      const needed = Math.max(running, ...before.map((one) => amount(one, resource)));
      needs.set(`${kind}.${resource}`, needed);
      // `cpu` alone stands for `requests.cpu`.
      if (kind === 'requests') needs.set(resource, needed);
    }
  }
  return needs;
};

const pick = (container: object): unknown => ('resources' in container ? container.resources : undefined);
