import { textOf } from '../chart-values.ts';
import type { ValuesVerdict } from '../finding.ts';
import type { ValuesRule } from '../rule.ts';
import { memberOf } from '../value-tree.ts';

const PATH = 'gitlab.gitaly.persistence.enabled';
const STORAGES = 'global.praefect.virtualStorages';

/**
 * The volumes that hold the repositories.
 *
 * Source: GitLab chart, charts/gitlab/charts/gitaly/values.yaml, `persistence`, and global settings,
 * `praefect.virtualStorages[].persistence`.
 */
export const gitalyVolumes: ValuesRule = {
  code: 'gitaly-volumes',
  title: 'Repositories lie on volumes that outlive a pod',
  judge: (values) => {
    if (!values.isOn('global.gitaly.enabled')) return [];
    const storages = values.isOn('global.praefect.enabled') ? values.list(STORAGES) : [];
    const bare = storages.flatMap((storage, index) =>
      textOf(memberOf(memberOf(storage, 'persistence'), 'enabled')) === 'false'
        ? [`${STORAGES}[${index}].persistence.enabled`]
        : [],
    );
    return [...(values.isOn(PATH) ? [] : [PATH]), ...bare].map(say);
  },
};

const say = (path: string): ValuesVerdict => ({
  severity: 'trap',
  path,
  message:
    'Gitaly keeps its repositories in an emptyDir: the next restart, upgrade or eviction of its pod deletes all of them, and whatever was pushed since the last backup with them.',
  remedy: `Write ${path}: true, with a size and a storageClass.`,
});
