import { memberOf, type ValueMap } from './value-tree.ts';

/** Keys at the top of the values of the GitLab chart. Source: GitLab chart 9 and 10, values.yaml and Chart.yaml. */
const KEYS = [
  'global',
  'gitlab',
  'registry',
  'upgradeCheck',
  'certmanager-issuer',
  'installCertmanager',
  'certmanager',
  'nginx-ingress',
  'nginx-ingress-geo',
  'haproxy',
  'traefik',
  'prometheus',
  'shared-secrets',
  'gitlab-runner',
  'gitlab-zoekt',
  'postgresql',
  'redis',
  'minio',
  'openbao',
  'gatewayApiResources',
  'envoy-gateway',
  'ai-gateway',
];

/**
 * Says why these are no values of the GitLab chart, or nothing when they may be. Values of another chart, or a
 * manifest, would otherwise be judged as a GitLab that was never configured.
 */
export const findForeignValues = (values: ValueMap): string | undefined => {
  // A chart around the GitLab chart calls it by a name of its own, below which all of this stands.
  const wrapper = Object.keys(values).find((key) => {
    const below = memberOf(values, key);
    return memberOf(memberOf(below, 'gitlab'), 'toolbox') !== undefined && key !== 'global';
  });
  if (wrapper !== undefined) {
    return 'these are values of a chart around the GitLab chart; give the part that stands below the name of the GitLab chart, and global beside it';
  }
  const keys = Object.keys(values);
  return keys.length === 0 || keys.some((key) => KEYS.includes(key))
    ? undefined
    : 'these are no values of the GitLab chart: none of its keys (global, gitlab, registry, ...) stands at the top';
};
