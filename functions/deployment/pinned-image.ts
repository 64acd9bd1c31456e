import { formatImageReference } from '../records/image-reference.ts';

/**
 * The image as Drydock writes it into a workload: the tag for people, the digest for the node, so that a tag that
 * moves or a node's cache changes nothing.
 */
export const pinnedImage = (image: { image: string; tag: string; digest: string }): string =>
  formatImageReference({ name: image.image, tag: image.tag, digest: image.digest });
