import type { ReadRelease } from '../../records/backup/release-facts.ts';
import { isTruthy, isValueMap, memberOf, type ValueMap } from '../values/value-tree.ts';
import { plainSetting } from './secret-hints.ts';

const REGION = /^[a-z]{2,4}(-[a-z]+)+-\d$/;
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const PROVIDER = /^[A-Za-z]{2,20}$/;

/**
 * How GitLab reaches its buckets, out of the Secret behind `global.appConfig.object_store.connection`.
 *
 * Source: GitLab documentation, "Object storage", "Configure the connection settings", Amazon S3.
 */
export const describeStore = (connection: ValueMap | undefined): Pick<ReadRelease, 'store'> => {
  if (!connection) return {};
  return {
    store: {
      ...optional('provider', plainSetting(connection, 'provider', PROVIDER)),
      ...optional('region', plainSetting(connection, 'region', REGION)),
      ...optional('endpoint', hostOf(plainSetting(connection, 'endpoint', ANYTHING))),
      credentials: isTruthy(memberOf(connection, 'aws_access_key_id')) ? 'keys' : 'role',
    },
  };
};

/**
 * How the registry reaches its own, out of the Secret behind `registry.storage`.
 *
 * Source: Docker Distribution, "S3 storage driver"; GitLab's registry knows `s3` and `s3_v2`.
 */
export const describeRegistryStore = (storage: ValueMap | undefined): Pick<ReadRelease, 'registryStore'> => {
  const s3 = memberOf(storage, 's3') ?? memberOf(storage, 's3_v2');
  if (!storage || !isValueMap(s3)) return {};
  return {
    registryStore: {
      provider: 'AWS',
      ...optional('region', plainSetting(s3, 'region', REGION)),
      ...optional('endpoint', hostOf(plainSetting(s3, 'regionendpoint', ANYTHING))),
      ...optional('bucket', plainSetting(s3, 'bucket', BUCKET)),
      credentials: isTruthy(memberOf(s3, 'accesskey')) ? 'keys' : 'role',
    },
  };
};

const ANYTHING = /^.{1,500}$/;

/** Host and port alone: an address may carry a user and a password. */
const hostOf = (url: string | undefined): string | undefined => {
  if (url === undefined) return undefined;
  const host = URL.parse(url.includes('://') ? url : `https://${url}`)?.host;
  return host === '' ? undefined : host;
};

const optional = <Key extends string>(
  key: Key,
  value: string | undefined,
): { readonly [Name in Key]?: string } =>
  value === undefined ? {} : ({ [key]: value } as { readonly [Name in Key]: string });
