import { createHash } from 'node:crypto';
import type { RestorePlan } from '../../records/backup/restore-plan.ts';
import { listSources } from './native/native-plan.ts';

/**
 * Names a plan by what it would do: the same set into the same place by the same steps has the same name, whoever asks
 * and whenever. An approval is bound to it.
 */
export const identifyRestorePlan = (
  plan: Pick<RestorePlan, 'target' | 'set' | 'steps' | 'skip' | 'buckets' | 'secrets' | 'checks' | 'native'>,
): string => {
  const { target, set, steps, skip, buckets, secrets, checks, native } = plan;
  const { kind, environment, cluster, region, namespace, release } = target;
  // Lists and not objects, so that a record that was read back has the same text.
  const deciding = [
    [kind, environment, cluster, region, namespace, release],
    [set.environment, set.policy, set.id],
    steps.map(({ step }) => step),
    skip,
    buckets.map(({ component, bucket }) => [component, bucket]),
    secrets.map(({ id, name }) => [id, name]),
    checks.flatMap(({ code, override }) => (override === undefined ? [] : [code])),
    ...(native ? [listSources(native)] : []),
  ];
  return createHash('sha256').update(JSON.stringify(deciding)).digest('hex').slice(0, 32);
};
