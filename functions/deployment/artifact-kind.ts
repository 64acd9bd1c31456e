import type { ArtifactKind, ManifestDescription } from '../records/manifest.ts';

/** Which of the many things that a registry stores can run in a container. */

/** Tags that cosign and its kin put beside an image, `sha256-<digest>.sig`; without suffix: OCI's referrers tag. */
const COMPANION_TAG = /^sha(?:256-[0-9a-f]{64}|512-[0-9a-f]{128})(?:\.\w+)?$/;

/** Does this tag only point from an image to its signature, attestation or bill of materials? */
export const isCompanionTag = (tag: string): boolean => COMPANION_TAG.test(tag);

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
