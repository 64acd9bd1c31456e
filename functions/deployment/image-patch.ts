import { describeWorkload, type JsonPatchOperation, type Workload } from '../records/workload.ts';
import { CHANGE_CAUSE, executionOf, fenceOf, PREVIOUS_IMAGE, RESTARTED_BY } from './annotations.ts';

/** One change of one container's image. */
export interface ImageChange {
  readonly workload: Workload;
  /** Name in drydock.yaml of the target that this container is. */
  readonly target: string;
  /** Name of a container or init container; the two share one set of names. */
  readonly container: string;
  /** The image to set, `repository:tag@digest`. */
  readonly image: string;
  /** Fencing token of the lock that is held. */
  readonly fence: number;
  /** Name of the execution that writes. */
  readonly execution: string;
  /** What `kubectl rollout history` will say. */
  readonly cause: string;
  /** Make new pods even when the image stays the same. */
  readonly restart: boolean;
}

export type ImagePatch =
  | { readonly ok: true; readonly patch: readonly JsonPatchOperation[]; readonly previousImage: string }
  | { readonly ok: false; readonly code: string; readonly reason: string };

/**
 * Builds the JSON patch (RFC 6902) that changes one image and our annotations, and nothing else.
 *
 * It begins with a `test` of everything it was decided on: the container at that position, its image, and the
 * fence. The API server runs tests and change against one version of the object, so a change made in between is
 * refused, not overwritten. A `test` for `null` holds when the path is absent (measured on Kubernetes 1.36).
 *
 * Verdicts: `container.missing`, `workload.deleting`, `fence.stale` (a newer holder of the lock has written, so this
 * is the late write of an aborted execution), `fence.unreadable`.
 */
export const buildImagePatch = (change: ImageChange): ImagePatch => {
  const { workload, fence } = change;
  const where = describeWorkload(workload.ref);
  const container = workload.containers.find(({ name }) => name === change.container);
  if (!container) return no('container.missing', `${where} has no container ${change.container} any more.`);
  if (workload.deleting) return no('workload.deleting', `${where} is being deleted.`);
  const fenceName = fenceOf(change.target);
  const stale = findStaleFence(workload, fenceName, fence);
  if (stale) return stale;

  const template = podTemplatePath(workload);
  const list = container.init ? 'initContainers' : 'containers';
  const path = `${template}/spec/${list}/${container.index}`;
  const isNewImage = container.image !== change.image;
  const annotations = {
    [fenceName]: String(fence),
    [executionOf(change.target)]: change.execution,
    [CHANGE_CAUSE]: change.cause,
    ...(isNewImage ? { [PREVIOUS_IMAGE]: `${container.name}=${container.image}` } : {}),
  };
  const patch: JsonPatchOperation[] = [
    { op: 'test', path: `${path}/name`, value: container.name },
    { op: 'test', path: `${path}/image`, value: container.image },
    ...annotate(
      '/metadata',
      workload.hasAnnotations ? workload.annotations : undefined,
      annotations,
      fenceName,
    ),
  ];
  if (isNewImage) patch.push({ op: 'replace', path: `${path}/image`, value: change.image });
  // A CronJob has no pods to replace: its next run takes what stands in the template anyway.
  else if (change.restart && workload.ref.kind !== 'CronJob') {
    const restart = { [RESTARTED_BY]: change.execution };
    patch.push(...annotate(`${template}/metadata`, workload.templateAnnotations, restart, RESTARTED_BY));
  }
  return { ok: true, patch, previousImage: container.image };
};

const no = (code: string, reason: string): ImagePatch => ({ ok: false, code, reason });

const findStaleFence = (workload: Workload, fenceName: string, fence: number): ImagePatch | undefined => {
  const written = workload.annotations[fenceName];
  if (written === undefined) return undefined;
  const { kind, namespace, name } = workload.ref;
  const remove = `kubectl -n ${namespace} annotate ${kind.toLowerCase()} ${name} ${fenceName}-`;
  if (!/^\d{1,30}$/.test(written)) {
    const what = `The annotation ${fenceName} of ${describeWorkload(workload.ref)} is not a number`;
    return no('fence.unreadable', `${what}; somebody edited it. Remove it: ${remove}`);
  }
  if (BigInt(written) <= BigInt(fence)) return undefined;
  return no(
    'fence.stale',
    `${describeWorkload(workload.ref)} was last written under lock token ${written}, and this execution holds the ` +
      `older ${fence}: nothing was changed. Only if the ledger was made anew, so that its locks count from 1 again, ` +
      `remove the annotation: ${remove}`,
  );
};

/** Where the pod template stands: a CronJob wraps it in the template of its jobs. */
export const podTemplatePath = ({ ref }: Workload): string =>
  ref.kind === 'CronJob' ? '/spec/jobTemplate/spec/template' : '/spec/template';

/** Sets annotations under `parent`, after a test that the one named `guard` is as it was read. */
const annotate = (
  parent: string,
  present: Readonly<Record<string, string>> | undefined,
  wanted: Readonly<Record<string, string>>,
  guard: string,
): JsonPatchOperation[] => {
  const map = `${parent}/annotations`;
  if (present === undefined) {
    // `add` of the whole map would wipe annotations that appeared since, hence the test that there is none.
    return [
      { op: 'test', path: map, value: null },
      { op: 'add', path: map, value: wanted },
    ];
  }
  return [
    { op: 'test', path: pointer(map, guard), value: present[guard] ?? null },
    ...Object.entries(wanted).map(
      ([key, value]): JsonPatchOperation => ({ op: 'add', path: pointer(map, key), value }),
    ),
  ];
};

/** RFC 6901, section 3: "~" and "/" inside a key are escaped. */
const pointer = (map: string, key: string): string =>
  `${map}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
