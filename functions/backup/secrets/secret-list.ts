import type { ChartValues } from '../values/chart-values.ts';
import { CHART_SECRETS } from './chart-secrets.ts';
import { listNamedSecrets } from './named-secrets.ts';
import type { SecretNeed } from './secret-need.ts';

/**
 * The secrets that belong to a set of this release, each name once: those that the chart makes, and those that people
 * made and the values name. Parts that are switched off have none. This list is also what the role that reads secrets
 * may read: nothing is ever listed in the cluster.
 *
 * @param release name of the Helm release.
 * @param named names that drydock.yaml adds.
 */
export const listSecrets = (
  release: string,
  values: ChartValues,
  named: readonly string[] = [],
): SecretNeed[] => {
  const chart = CHART_SECRETS.filter(({ isUsed }) => isUsed?.(values) ?? true).map(
    ({ suffix, path, need, purpose, why }): SecretNeed => {
      const named = path === undefined ? undefined : values.text(path);
      return {
        id: suffix,
        name: named ?? `${release}-${suffix}`,
        need,
        purpose,
        why,
        ...(named === undefined || path === undefined ? {} : { namedBy: path }),
      };
    },
  );
  const names = new Set<string>();
  const added = named.map(
    (name): SecretNeed => ({
      id: `named.${name}`,
      name,
      need: 'when-used',
      purpose: 'connection',
      why: 'drydock.yaml names it as one of this GitLab.',
      namedBy: 'secrets.names of drydock.yaml',
    }),
  );
  return [...chart, ...listNamedSecrets(values), ...added].filter(
    ({ name }) => !names.has(name) && names.add(name),
  );
};
