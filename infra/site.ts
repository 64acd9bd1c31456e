import type { IConstruct } from 'constructs';
import type { Site } from '../functions/records/configuration/site.ts';

/** A site under the name that `drydock.yaml` gives it. */
export type NamedSite = Site & { readonly name: string };

const CONTEXT_KEY = 'drydock:site';

/** Makes a site known to everything below `scope`, so that names and retention need no passing down. */
export const provideSite = (scope: IConstruct, site: NamedSite): void => {
  scope.node.setContext(CONTEXT_KEY, site);
};

/**
 * The site a construct belongs to.
 *
 * @throws Error when no stack above provided one.
 */
export const siteOf = (scope: IConstruct): NamedSite => {
  const found: unknown = scope.node.tryGetContext(CONTEXT_KEY);
  if (found === undefined) {
    throw new Error(`${scope.node.path} belongs to no site; its stack must call provideSite first.`);
  }
  return found as NamedSite;
};
