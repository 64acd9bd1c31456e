import { compareMinors, type KubernetesMinor } from '../../records/kubernetes-version.ts';
import type { ServedResourceFact } from '../../records/upgrade/api-facts.ts';
import { apiVersionOf } from '../deprecations/api-row.ts';
import { listRuledResources, lookupRuledApi } from '../deprecations/table.ts';
import type { Walk } from './kubernetes-walk.ts';

/** Which lists the scan for deprecated APIs reads, and by which version of each it asks. */

/** Does asking for this version count as a request of a deprecated API at `current`? */
export const isDeprecatedAt = (
  current: KubernetesMinor,
  { group, version, kind }: Pick<ServedResourceFact, 'group' | 'version' | 'kind'>,
): boolean => {
  const row = lookupRuledApi(apiVersionOf({ group, version }), kind);
  if (!row) return false;
  // Components deprecate by releases of their own, which nobody tells us here.
  if (row.component !== 'Kubernetes') return true;
  const since = row.deprecated ?? row.removed;
  return since !== undefined && compareMinors(since, current) <= 0;
};

/** Objects a page of kinds whose annotation alone may weigh 256 KB: kubectl notes the whole schema there. */
const LARGE: ReadonlyMap<string, number> = new Map([['CustomResourceDefinition', 50]]);

/**
 * One walk for each ruled resource that is served and can be listed. Its version is one that will stay, the preferred
 * of those first, since whoever asks for a deprecated one is seen as its user for 30 days; when only deprecated ones
 * are served, the preferred of those.
 *
 * @param served of each group the preferred version first, as discovery gives it.
 */
export const chooseScanLists = (served: readonly ServedResourceFact[], current: KubernetesMinor): Walk[] => {
  const versions = Map.groupBy(
    served.filter(({ listable }) => listable),
    ({ group, resource }) => `${resource}.${group}`,
  );
  return listRuledResources().flatMap(({ group, kind, resource }) => {
    const offered = (versions.get(`${resource}.${group}`) ?? []).filter((one) => one.kind === kind);
    const chosen =
      offered.find((one) => !lookupRuledApi(apiVersionOf(one), kind)) ??
      offered.find((one) => !isDeprecatedAt(current, one)) ??
      offered[0];
    if (!chosen) return [];
    const { version, namespaced } = chosen;
    const limit = LARGE.get(kind);
    return [
      {
        resource: { group, version, resource, kind, namespaced },
        namespace: '',
        restarts: 0,
        ...(limit === undefined ? {} : { limit }),
      },
    ];
  });
};

/** Ruled groups of which nothing is known, since their own API server does not answer. */
export const findLostGroups = (failed: readonly string[]): string[] => {
  const ruled = new Set(listRuledResources().map(({ group }) => group));
  return failed.filter((name) => ruled.has(name.split('/')[0] ?? ''));
};
