import { RefusedError } from '../../runtime/errors.ts';

/** Answers that no second try improves, and what a person can do about each. */

const CHECK_ADDRESS =
  'Check that the address of this registry in drydock.yaml is that of a container registry.';

export const refuseAnswer = (registry: URL, url: URL, status: number): RefusedError =>
  new RefusedError(
    'registry.refused',
    `${registry.host} answered ${status} to ${url.pathname}. ${CHECK_ADDRESS}`,
  );

export const refuseManifest = (registry: URL, repository: string, reference: string): RefusedError =>
  new RefusedError(
    'registry.refused',
    `${registry.host} answered for ${reference} of ${repository} with something that is no manifest. ${CHECK_ADDRESS}`,
  );

export const refuseName = (registry: URL, name: string): RefusedError =>
  new RefusedError(
    'registry.reference',
    `${JSON.stringify(name)} cannot be a repository, tag or digest of ${registry.host}; correct the image name.`,
  );

export const refuseDigest = (registry: URL, wanted: string, received: string): RefusedError =>
  new RefusedError(
    'registry.digest-mismatch',
    `${registry.host} was asked for ${wanted} and answered with ${received}. Nothing was deployed. Look for a ` +
      'cache or proxy before the registry that changes manifests.',
  );

export const refusePaging = (registry: URL, repository: string, pages: number): RefusedError =>
  new RefusedError(
    'registry.paging',
    `The tag list of ${repository} at ${registry.host} does not end: after ${pages} pages it leads back or goes ` +
      'on. Look for a proxy before the registry that drops the query of a request.',
  );
