import { type KubernetesMinor, readMinor } from '../../records/kubernetes-version.ts';
import type { ClusterFact } from '../../records/upgrade/aws-facts.ts';

/** Small parts that several answers of EKS share. */

interface RawIssue {
  readonly code?: string | undefined;
  readonly message?: string | undefined;
  readonly resourceIds?: readonly string[] | undefined;
}

/** Health issues of a cluster, an add-on or a node group: the same shape, each with codes of its own. */
export const readIssues = (issues: readonly RawIssue[] | undefined): ClusterFact['issues'] =>
  (issues ?? []).map(({ code, message, resourceIds }) => ({
    code: code ?? 'Unknown',
    message: message ?? '',
    resources: [...(resourceIds ?? [])],
  }));

/** The versions among these texts; what is none (`*`) is left out. */
export const readMinors = (texts: readonly (string | undefined)[]): KubernetesMinor[] =>
  texts.flatMap((text) => readMinor(text ?? '') ?? []);

/** A field that is left out when there is nothing to say: the SDK gives undefined, our records have no such value. */
export const given = <Key extends string, T>(key: Key, value: T | null | undefined): { [K in Key]?: T } =>
  value === undefined || value === null ? {} : ({ [key]: value } as { [K in Key]: T });

/** A time as the records write it. */
export const writeTime = (time: Date | undefined): string | undefined => time?.toISOString();
