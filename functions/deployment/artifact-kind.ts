import type { ArtifactKind, ManifestDescription } from '../records/manifest.ts';

/** Which of the many things that a registry stores can run in a container. */

/** What each kind that is no image is called, in a sentence that begins with "it is". */
const NAMES: Readonly<Record<Exclude<ArtifactKind, 'image' | 'index'>, string>> = {
  chart: 'a Helm chart',
  signature: 'a signature',
  attestation: 'an attestation or a bill of materials',
  schema1:
    'an image in the Docker schema 1 format of 2014, which runtimes no longer pull: build and push it anew',
  other: 'an artifact of another kind',
};

/** Can a workload run it? Images and indexes with at least one image can. */
export const judgeArtifact = (
  manifest: Pick<ManifestDescription, 'kind' | 'platforms' | 'declaredType'>,
): { ok: true } | { ok: false; reason: string } => {
  if (manifest.kind === 'image') return { ok: true };
  if (manifest.kind === 'index') {
    if (manifest.platforms.length > 0) return { ok: true };
    return { ok: false, reason: 'it is an index without any image in it' };
  }
  const declared = manifest.kind === 'other' && manifest.declaredType ? ` (${manifest.declaredType})` : '';
  return { ok: false, reason: `it is ${NAMES[manifest.kind]}${declared}` };
};
