import * as z from 'zod';
import type { ObjectMetadata } from '../../clients/kubernetes-reader.ts';
import type { ApiEvidence } from '../../records/upgrade/api-facts.ts';
import { lookupRuledApi, ruledApiVersionsOf } from './table.ts';

/** kubectl's own note of what `kubectl apply` sent last. */
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
/** All annotations of an object together: k8s.io/apimachinery, TotalAnnotationSizeLimitB. */
const MAX_ANNOTATION = 256 * 1024;

/**
 * Says which ruled API versions an object was written by, from its metadata alone: kubectl's annotation, and the
 * notes of the API server on who wrote what. Empty when nothing names a ruled version.
 */
export const readEvidence = (
  { kind }: { readonly group: string; readonly kind: string },
  metadata: ObjectMetadata,
): ApiEvidence[] => [...readLastApplied(kind, metadata), ...readManagedFields(kind, metadata)];

type Entry = ObjectMetadata['managedFields'][number];

const Applied = z.object({ apiVersion: z.string(), kind: z.string() });

/**
 * Parses the annotation only when its text names a ruled version of this kind: most do not, and parsing is the cost.
 * A foreign kind is a copy (a ControllerRevision carries the annotation of its DaemonSet) and says nothing.
 */
const readLastApplied = (kind: string, metadata: ObjectMetadata): ApiEvidence[] => {
  const text = metadata.annotations[LAST_APPLIED];
  if (text === undefined || text.length > MAX_ANNOTATION) return [];
  if (!ruledApiVersionsOf(kind).some((apiVersion) => text.includes(apiVersion))) return [];
  const applied = Applied.safeParse(parseJson(text)).data;
  if (applied?.kind !== kind || !lookupRuledApi(applied.apiVersion, kind)) return [];
  return [
    {
      source: 'last-applied',
      apiVersion: applied.apiVersion,
      confidence: isOverwritten(kind, metadata.managedFields) ? 'medium' : 'high',
    },
  ];
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/**
 * Has somebody else applied the object since, by a version that stays? Then the annotation is what is left of before:
 * server-side apply and other tools do not touch it.
 */
const isOverwritten = (kind: string, entries: readonly Entry[]): boolean => {
  const byKubectl = entries.filter(({ manager }) => KUBECTL.has(manager)).map(timeOf);
  const last = Math.max(...byKubectl);
  if (byKubectl.length === 0) return false;
  return entries.some(
    (entry) =>
      entry.operation === 'Apply' &&
      !KUBECTL.has(entry.manager) &&
      isGood(kind, entry) &&
      timeOf(entry) > last,
  );
};

/** Field managers of `kubectl apply` that keep the annotation up to date: k8s.io/kubectl, pkg/cmd/apply. */
const KUBECTL: ReadonlySet<string> = new Set(['kubectl-client-side-apply', 'kubectl-last-applied']);

/**
 * One piece of evidence a manager and version. Status is written by controllers, which are upgraded with what they
 * belong to; and who has written by a good version since has been mended.
 */
const readManagedFields = (kind: string, { annotations, managedFields }: ObjectMetadata): ApiEvidence[] => {
  const ruled = ruledApiVersionsOf(kind);
  if (!managedFields.some(({ apiVersion }) => ruled.includes(apiVersion))) return [];
  const written = managedFields.filter(({ subresource }) => subresource !== 'status');
  const found = new Map<string, Entry>();
  for (const entry of written) {
    if (!ruled.includes(entry.apiVersion) || CONTROL_PLANE.has(entry.manager)) continue;
    if (hasMoved(kind, entry, written)) continue;
    const key = `${entry.manager}\n${entry.apiVersion}`;
    const known = found.get(key);
    if (!known || timeOf(entry) > timeOf(known)) found.set(key, entry);
  }
  const newest = Math.max(...written.map(timeOf));
  return [...found.values()].toSorted(byNewest).map((entry) => ({
    source: 'managed-fields',
    apiVersion: entry.apiVersion,
    // Entries of a manager that stopped writing stay for ever: only the last word on an object is worth something.
    confidence: entry.time !== undefined && timeOf(entry) === newest ? 'medium' : 'low',
    manager: entry.manager,
    ...(entry.time === undefined ? {} : { time: entry.time }),
    ...releaseOf(entry, annotations),
  }));
};

/** Helm notes on each object which release it belongs to: helm.sh/helm, pkg/action/validate.go. */
const releaseOf = (
  { manager }: Entry,
  annotations: ObjectMetadata['annotations'],
): Pick<ApiEvidence, 'release'> => {
  const name = annotations['meta.helm.sh/release-name'];
  if (manager !== 'helm' || name === undefined) return {};
  return { release: `${annotations['meta.helm.sh/release-namespace'] ?? ''}/${name}` };
};

/** Parts of the control plane: EKS replaces them in the upgrade, and the objects they make for themselves with them. */
const CONTROL_PLANE: ReadonlySet<string> = new Set([
  'api-priority-and-fairness-config-consumer-v1',
  'api-priority-and-fairness-config-producer-v1',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
]);

const hasMoved = (kind: string, entry: Entry, written: readonly Entry[]): boolean =>
  written.some(
    (other) => other.manager === entry.manager && isGood(kind, other) && timeOf(other) > timeOf(entry),
  );

const isGood = (kind: string, { apiVersion, subresource }: Entry): boolean =>
  subresource !== 'status' && !ruledApiVersionsOf(kind).includes(apiVersion);

/** Milliseconds; no time, or none that can be read, counts as long ago. */
const timeOf = ({ time }: Entry): number => {
  const ms = time === undefined ? Number.NaN : Date.parse(time);
  return Number.isNaN(ms) ? 0 : ms;
};

const byNewest = (a: Entry, b: Entry): number =>
  timeOf(b) - timeOf(a) || (`${a.manager} ${a.apiVersion}` < `${b.manager} ${b.apiVersion}` ? -1 : 1);
