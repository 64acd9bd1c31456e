import * as z from 'zod';

/** Which API versions are served, and by which of them objects were written. Times are ISO 8601 in UTC. */

/** How a role and kubectl name a resource: `deployments.apps`, `pods`. */
export const nameResource = ({ group, resource }: Pick<ServedResourceFact, 'group' | 'resource'>): string =>
  group === '' ? resource : `${resource}.${group}`;

/** A resource that the API server serves, as discovery lists it. */
export const ServedResourceFact = z.object({
  group: z.string(),
  version: z.string(),
  /** Plural, as in the URL. */
  resource: z.string(),
  kind: z.string(),
  namespaced: z.boolean(),
  listable: z.boolean(),
});
export type ServedResourceFact = z.output<typeof ServedResourceFact>;

/**
 * How we know that an object was written by an API version.
 * `last-applied`: kubectl's annotation. `managed-fields`: the API server's own note. `helm`: a release's manifest.
 * `file`: a manifest that was given. `served-only`: the API server serves no other version.
 */
export const ApiEvidence = z.object({
  source: z.enum(['last-applied', 'managed-fields', 'helm', 'file', 'served-only']),
  /** `policy/v1beta1`. */
  apiVersion: z.string(),
  /** `low`: a note that may be stale, of a manager that stopped writing. */
  confidence: z.enum(['high', 'medium', 'low']),
  manager: z.string().optional(),
  time: z.iso.datetime().optional(),
  /** Helm release, `namespace/name`. */
  release: z.string().optional(),
  file: z.string().optional(),
  line: z.int().optional(),
  /** Helm template it was rendered from: `shop/templates/ingress.yaml`. */
  template: z.string().optional(),
});
export type ApiEvidence = z.output<typeof ApiEvidence>;

/** An object with evidence of at least one API version that the table of deprecations names. */
export const UsedApiFact = z.object({
  kind: z.string(),
  namespace: z.string(),
  name: z.string(),
  evidence: z.array(ApiEvidence),
});
export type UsedApiFact = z.output<typeof UsedApiFact>;

/** `apiserver_requested_deprecated_apis`, joined with the count of requests. No caller is in it. */
export const RequestedApiFact = z.object({
  group: z.string(),
  version: z.string(),
  resource: z.string(),
  subresource: z.string(),
  /** `1.37`; empty when no release is set. */
  removedRelease: z.string(),
  requests: z.number(),
});
export type RequestedApiFact = z.output<typeof RequestedApiFact>;

/** A deployed Helm release and the objects in its manifest that the table of deprecations names. */
export const HelmReleaseFact = z.object({
  namespace: z.string(),
  name: z.string(),
  revision: z.int(),
  chart: z.string(),
  chartVersion: z.string(),
  appVersion: z.string(),
  objects: z.array(UsedApiFact),
  /** What is odd about it: two deployed revisions, a manifest that was cut. */
  faults: z.array(z.string()),
});
export type HelmReleaseFact = z.output<typeof HelmReleaseFact>;
