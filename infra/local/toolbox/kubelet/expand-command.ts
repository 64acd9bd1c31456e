import type { V1Container } from '@kubernetes/client-node';

/** A command as a container runtime is given it. */
export interface ExpandedCommand {
  readonly words: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** `$$` is a dollar, `$(NAME)` the value of a variable that is known, and anything else stays as it stands. */
const REFERENCE = /\$\$|\$\(([A-Za-z_.-][\w.-]*)\)/g;

/**
 * Puts values in for `$(NAME)` in command and arguments, as the kubelet does before any shell sees them, and paths of
 * this machine for the places where volumes are mounted: nothing is mounted here.
 *
 * Source: Kubernetes documentation, "Define Dependent Environment Variables"; k8s.io/kubernetes, third_party/forked/golang/expansion.
 *
 * @param mounts folders of this machine by the paths at which the container would find them.
 */
export const expandCommand = (
  container: V1Container,
  given: Readonly<Record<string, string>>,
  mounts: ReadonlyMap<string, string>,
): ExpandedCommand => {
  const env: Record<string, string> = { ...given };
  for (const { name, value } of container.env ?? []) {
    if (value !== undefined) env[name] = expand(value, env);
  }
  const words = [...(container.command ?? []), ...(container.args ?? [])];
  return { words: words.map((word) => placeMounts(expand(word, env), mounts)), env };
};

const expand = (text: string, env: Readonly<Record<string, string>>): string =>
  text.replaceAll(REFERENCE, (whole, name: string | undefined) => {
    if (name === undefined) return '$';
    return env[name] ?? whole;
  });

/** The longest path first: `/etc/gitlab` may hold another mount. */
const placeMounts = (text: string, mounts: ReadonlyMap<string, string>): string => {
  const paths = [...mounts.keys()].sort((a, b) => b.length - a.length);
  if (paths.length === 0) return text;
  const names = paths.map((path) => path.replaceAll(/[^\w/-]/g, '\\$&')).join('|');
  const pattern = new RegExp(`(?<![\\w/.-])(?:${names})(?![\\w.-])`, 'g');
  return text.replaceAll(pattern, (path) => mounts.get(path) ?? path);
};
