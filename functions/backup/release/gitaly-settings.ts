import type { ReadRelease } from '../../records/backup/release-facts.ts';
import type { BackupArguments } from '../values/backup-arguments.ts';
import { type ChartValues, textOf } from '../values/chart-values.ts';
import { isValueMap, memberOf, type Value } from '../values/value-tree.ts';

/**
 * Which storages there are, and where Gitaly writes backups by itself.
 *
 * Source: GitLab chart 9 and 10, values.yaml, `global.gitaly` and `global.praefect`; charts/gitlab/charts/gitaly,
 * `backup.goCloudUrl`; GitLab documentation, Gitaly, "Configure server-side backups".
 */
export const readGitaly = (values: ChartValues, given: BackupArguments): ReadRelease['gitaly'] => {
  const external = namesOf(values.list('global.gitaly.external'));
  const praefect = values.isOn('global.praefect.enabled');
  const virtual = praefect ? namesOf(values.list('global.praefect.virtualStorages')) : [];
  const replacesAll = praefect && values.isOn('global.praefect.replaceInternalGitaly');
  const internal =
    values.isOn('global.gitaly.enabled') && !replacesAll
      ? plainNames(values.list('global.gitaly.internal.names'), ['default'])
      : [];
  const bucket = bucketOf(values.get('gitlab.gitaly.backup.goCloudUrl')) ?? configuredBucket(values);
  return {
    serverSide: given.has('--repositories-server-side') && !given.skipped.has('repositories'),
    ...(bucket === undefined ? {} : { bucket }),
    external: external.length > 0,
    praefect,
    storages: [...new Set([...internal, ...virtual, ...external])],
  };
};

/** The same setting in the block that is handed to Gitaly as it is, a map or a text. */
const configuredBucket = (values: ChartValues): string | undefined => {
  const block = values.get('gitlab.gitaly.configuration.backup');
  return bucketOf(isValueMap(block) ? memberOf(block, 'go_cloud_url') : block);
};

/** What stands behind the name, in the query of the address, may be anything. */
const bucketOf = (url: Value | undefined): string | undefined =>
  /\bs3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:[/?"'\s]|$)/.exec(textOf(url) ?? '')?.[1];

const STORAGE = /^[\w.-]{1,100}$/;

const plainNames = (list: readonly Value[], fallback: readonly string[]): readonly string[] => {
  const names = list.flatMap((one) => textOf(one) ?? []).filter((name) => STORAGE.test(name));
  return names.length > 0 ? names : fallback;
};

const namesOf = (list: readonly Value[]): readonly string[] =>
  plainNames(
    list.map((one) => memberOf(one, 'name') ?? null),
    [],
  );
