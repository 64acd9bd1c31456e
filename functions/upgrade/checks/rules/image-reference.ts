/** Parts of an image reference, as the OCI distribution specification writes it. */
export interface ImageReference {
  /** With the registry, without tag and digest: `registry.example.com:5000/shop/web`. */
  readonly path: string;
  /** Empty when there is none. */
  readonly tag: string;
}

/** Reads an image reference. A colon before the last slash is the port of a registry, not a tag. */
export const readImage = (image: string): ImageReference => {
  const [named = ''] = image.split('@');
  const colon = named.indexOf(':', named.lastIndexOf('/') + 1);
  return colon < 0 ? { path: named, tag: '' } : { path: named.slice(0, colon), tag: named.slice(colon + 1) };
};
