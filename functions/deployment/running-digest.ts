import type { Pod, RolloutObservation } from '../records/workload.ts';

const PULLED = /@(sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/;

/**
 * The digest that a container really runs now, as the nodes report it, so that a way back can be pinned even when
 * the workload names only a tag. When pods of one tag differ (the tag was moved), the digest of most ready pods
 * wins, and among equals the one that has run longest: it is the best proven.
 *
 * Undefined when no ready pod tells: none runs, or the image was never pulled from a registry (a bare image id
 * cannot be pulled again).
 */
export const findRunningDigest = (observation: RolloutObservation, container: string): string | undefined => {
  const seen = new Map<string, { pods: number; since: string }>();
  for (const pod of observation.pods) {
    const digest = readDigest(pod, container);
    if (!digest) continue;
    const known = seen.get(digest) ?? { pods: 0, since: pod.createdAt };
    const since = pod.createdAt < known.since ? pod.createdAt : known.since;
    seen.set(digest, { pods: known.pods + 1, since });
  }
  const [best] = [...seen.entries()].sort(
    ([digestA, a], [digestB, b]) =>
      b.pods - a.pods || a.since.localeCompare(b.since) || digestA.localeCompare(digestB),
  );
  return best?.[0];
};

const readDigest = (pod: Pod, name: string): string | undefined => {
  const container = pod.containers.find((candidate) => candidate.name === name);
  if (!container || pod.deleting) return undefined;
  // An init container has ended long ago; `ready` then says that it ended well.
  if (!container.ready) return undefined;
  return PULLED.exec(container.imageId)?.[1];
};
