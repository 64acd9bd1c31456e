import { mapBounded } from '../../clients/bounded.ts';
import type { KubernetesSecret, KubernetesSecrets } from '../../clients/kubernetes-secrets.ts';
import { RefusedError } from '../../runtime/errors.ts';
import { withoutDot } from '../job/sentence-part.ts';
import type { SecretContent } from './secret-need.ts';

/** So many are read at the same time: a GitLab has some thirty, and the API server has others to answer. */
const WIDTH = 6;

interface ReadSecrets {
  /** By name; every name that was asked for is in it. */
  readonly contents: ReadonlyMap<string, SecretContent>;
  /** By name, of those that were read: a Secret that is put back needs it. */
  readonly types: ReadonlyMap<string, string>;
}

/**
 * Reads Secrets by their names. One that may not be read says so in place of its content; what may pass is thrown, since
 * a set without a secret that was there all the time helps nobody.
 *
 * @throws TransientError of `KubernetesSecrets`.
 */
export const readContents = async (
  secrets: KubernetesSecrets,
  namespace: string,
  names: readonly string[],
  signal?: AbortSignal,
): Promise<ReadSecrets> => {
  const read = await mapBounded([...new Set(names)], WIDTH, async (name) => ({
    name,
    found: await readOne(secrets, namespace, name, signal),
  }));
  return {
    contents: new Map(read.map(({ name, found }) => [name, contentOf(found)])),
    types: new Map(read.flatMap(({ name, found }) => (found && 'type' in found ? [[name, found.type]] : []))),
  };
};

const readOne = async (
  secrets: KubernetesSecrets,
  namespace: string,
  name: string,
  signal: AbortSignal | undefined,
): Promise<KubernetesSecret | { readonly why: string } | undefined> => {
  try {
    return await secrets.readSecret(namespace, name, signal);
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    return { why: sayWhy(error) };
  }
};

/** Without its dot, since it stands in a sentence. */
const sayWhy = ({ permission, message }: RefusedError): string =>
  permission === undefined ? withoutDot(message) : `no right to ${permission}`;

const contentOf = (found: KubernetesSecret | { readonly why: string } | undefined): SecretContent => {
  if (found === undefined) return { state: 'absent' };
  return 'why' in found ? { state: 'unreadable', why: found.why } : { state: 'read', data: found.data };
};
