/**
 * Names of images, `host[:port]/repository[:tag][@digest]`, after the grammar of the field:
 * https://github.com/distribution/reference (reference.go, normalize.go). Short names mean Docker Hub, as in Docker
 * and containerd: `nginx` is `docker.io/library/nginx`.
 */
export interface ImageReference {
  /** Registry and repository, the image without its version: `registry.example.com/shop/web`. */
  readonly name: string;
  /** Host as it stands in image names, lower case, with its port when it has one. */
  readonly host: string;
  /** The image's path inside the registry. */
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: string;
}

const DOCKER_HUB = 'docker.io';
/** The name under which Docker Hub appears in old configuration files. */
const DOCKER_HUB_LEGACY = 'index.docker.io';
/** Distribution: host and repository together; longer names no registry takes. */
const MAX_NAME_LENGTH = 255;

const HOST =
  /^(?:\[[0-9a-f:]+\]|[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*)(?::\d{1,5})?$/;
const REPOSITORY = /^[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*)*$/;
const TAG = /^\w[\w.-]{0,127}$/;
/** OCI image specification, "Digests": the two registered algorithms, each with its exact length. */
const DIGEST = /^(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/;
/** 64 hexadecimal digits alone are the id of an image on a node, never a repository. */
const IMAGE_ID = /^[0-9a-f]{64}$/;

export const isRepository = (text: string): boolean =>
  text.length <= MAX_NAME_LENGTH && REPOSITORY.test(text);
export const isTag = (text: string): boolean => TAG.test(text);
export const isDigest = (text: string): boolean => DIGEST.test(text);

/** Reads an image name as it stands in a workload; undefined when no runtime could pull it either. */
export const parseImageReference = (text: string): ImageReference | undefined => {
  const [tagged = '', digest, ...more] = text.split('@');
  if (more.length > 0 || (digest !== undefined && !isDigest(digest))) return undefined;
  const colon = tagged.indexOf(':', tagged.lastIndexOf('/') + 1);
  const path = colon < 0 ? tagged : tagged.slice(0, colon);
  const tag = colon < 0 ? undefined : tagged.slice(colon + 1);
  if (tag !== undefined && !isTag(tag)) return undefined;
  if (IMAGE_ID.test(path)) return undefined;

  const { host, repository } = splitHost(path);
  const name = `${host}/${repository}`;
  if (name.length > MAX_NAME_LENGTH || !HOST.test(host) || !REPOSITORY.test(repository)) return undefined;
  return {
    name,
    host,
    repository,
    ...(tag === undefined ? {} : { tag }),
    ...(digest === undefined ? {} : { digest }),
  };
};

/** Writes an image name in full, the form in which it reads back as the same reference. */
export const formatImageReference = (
  reference: Pick<ImageReference, 'name'> & { tag?: string | undefined; digest?: string | undefined },
): string => {
  const tag = reference.tag === undefined ? '' : `:${reference.tag}`;
  const digest = reference.digest === undefined ? '' : `@${reference.digest}`;
  return `${reference.name}${tag}${digest}`;
};

/**
 * The first part is a host when it could not be a directory of Docker Hub: it has a dot, a port or is localhost. A word
 * in capitals alone is neither: in lower case, as hosts are compared, it would read as a directory.
 */
const splitHost = (path: string): { host: string; repository: string } => {
  const slash = path.indexOf('/');
  const first = path.slice(0, Math.max(slash, 0));
  const lower = first.toLowerCase();
  const isHost = /[.:]/.test(first) || lower === 'localhost';
  const host = isHost ? lower : DOCKER_HUB;
  const repository = isHost ? path.slice(slash + 1) : path;
  if (host !== DOCKER_HUB && host !== DOCKER_HUB_LEGACY) return { host, repository };
  return { host: DOCKER_HUB, repository: repository.includes('/') ? repository : `library/${repository}` };
};
