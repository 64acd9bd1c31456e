/** Which texts can be tags of an image that somebody wants to run. */

/** Longest tag (OCI distribution specification 1.1, "Pulling manifests"). */
export const maxTagLength = 128;

const tagShape = /^\w[\w.-]*$/;

// cosign's `sha256-<hex>.sig|.att|.sbom`, and the bare form, which the OCI distribution specification 1.1 reserves for
// lists of referrers ("Referrers Tag Schema").
const attachmentShape = /^sha(?:256|512)-[\da-f]{64,128}(?:\.(?:sig|att|sbom))?$/;

/**
 * Why this tag can never be deployed, or `undefined` when it can.
 *
 * Checked before any pattern runs, so a pattern meets at most {@link maxTagLength} characters.
 */
export const refuseTag = (tag: string): string | undefined => {
  if (tag.length > maxTagLength) return `is longer than the ${maxTagLength} characters a tag may have`;
  if (!tagShape.test(tag))
    return 'is no tag: letters, digits, "_", "." and "-" are allowed, not starting with . or -';
  if (attachmentShape.test(tag)) return 'belongs to a signature, attestation or SBOM, not to an image';
  return undefined;
};
