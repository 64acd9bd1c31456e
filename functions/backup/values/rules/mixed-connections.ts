import { OBJECT_STORE } from '../object-stores.ts';
import type { ValuesRule } from '../rule.ts';

/** The types that the chart compares. `ciSecureFiles` and pages may have a connection of their own. */
const TYPES = [
  'artifacts',
  'lfs',
  'uploads',
  'packages',
  'externalDiffs',
  'terraformState',
  'dependencyProxy',
];

/**
 * A connection for one type beside the consolidated one.
 *
 * Source: GitLab chart 9 and 10, templates/_checkConfig_object_storage.tpl, `consolidatedConfig`: rendering fails.
 */
export const mixedConnections: ValuesRule = {
  code: 'mixed-connections',
  title: 'Object storage is connected in one form only',
  judge: (values) =>
    values.isOn(`${OBJECT_STORE}.enabled`)
      ? TYPES.map((type) => `global.appConfig.${type}`)
          .filter((path) => values.isOn(`${path}.enabled`) && values.isOn(`${path}.connection`))
          .map((path) => ({
            severity: 'trap' as const,
            path: `${path}.connection`,
            message: `A connection stands here beside the one for all types (${OBJECT_STORE}.connection). The chart refuses the two together, so with these values GitLab can neither be upgraded nor installed anew for a restore.`,
            remedy: `Take ${path}.connection away and keep its bucket.`,
          }))
      : [],
};
