import type { RequestedApiFact, ServedResourceFact } from '../records/upgrade/api-facts.ts';

/** Metadata of one object: all that travels in a metadata-only list. Times are ISO 8601 in UTC. */
export interface ObjectMetadata {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly managedFields: readonly {
    readonly manager: string;
    readonly operation: string;
    readonly apiVersion: string;
    readonly time?: string;
    readonly subresource?: string;
  }[];
}

/** One page of a list; `next` asks for the page behind it. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next?: string;
  /**
   * The list changed too much for its token to be good (410 Gone), and goes on as of now behind the last object of
   * before: what was made meanwhile before that object is not seen.
   */
  readonly resumed?: true;
  /** The token was no longer good and nothing was given in its place: this is the first page again, as of now. */
  readonly restarted?: true;
}

/** Which list, and from where. */
export interface ListQuestion {
  readonly resource: Pick<ServedResourceFact, 'group' | 'version' | 'resource' | 'namespaced'>;
  /** Empty: all namespaces. */
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly limit?: number;
  readonly next?: string;
}

/**
 * The Kubernetes API as an upgrade check reads it. Throws as `Kubernetes` does; what is forbidden is RefusedError
 * `kubernetes.forbidden` with the permission that it takes, what is not served (any more) `kubernetes.not-served`.
 */
export interface KubernetesReader {
  /** `v1.36.3-eks-1a2b3c`. */
  readVersion(signal?: AbortSignal): Promise<string>;
  /**
   * Every resource of every served version, of each group the preferred version first; what a group's own server,
   * being down, leaves open is not in it but named in `failed`: `metrics.k8s.io/v1beta1`.
   */
  discover(
    signal?: AbortSignal,
  ): Promise<{ readonly resources: readonly ServedResourceFact[]; readonly failed: readonly string[] }>;
  /** By PartialObjectMetadataList: spec and status never travel. */
  listMetadata(question: ListQuestion, signal?: AbortSignal): Promise<Page<ObjectMetadata>>;
  /** Whole objects, as the API server writes them. */
  listObjects(question: ListQuestion, signal?: AbortSignal): Promise<Page<unknown>>;
  /** The gauge of requested deprecated APIs, joined with the counter of requests. */
  readRequestedApis(signal?: AbortSignal): Promise<readonly RequestedApiFact[]>;
}
