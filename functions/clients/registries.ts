import { findRegistryForImage } from '../records/configuration/lookup.ts';
import type { Configuration } from '../records/configuration.ts';
import type { Clock } from '../runtime/clock.ts';
import { type ContainerRegistry, connectContainerRegistry } from './container-registry.ts';
import { readCredentials } from './secrets.ts';

export interface FoundRegistry {
  readonly registry: ContainerRegistry;
  /** The image's name inside that registry. */
  readonly repository: string;
}

/** Finds the registry that serves an image by the host in its name. */
export type Registries = (image: string) => Promise<FoundRegistry | undefined>;

/** Opens the registries of a configuration; tokens and credentials live as long as the sandbox. */
export const openRegistries = (configuration: Configuration, clock: Clock): Registries => {
  const opened = new Map<string, ContainerRegistry>();
  return async (image) => {
    const known = findRegistryForImage(configuration, image);
    if (!known) return undefined;
    const { host, credentials } = known;
    const registry =
      opened.get(host) ??
      connectContainerRegistry({
        url: known.url,
        ...(credentials ? { credentials: () => readCredentials(credentials.secret) } : {}),
        clock,
      });
    opened.set(host, registry);
    return { registry, repository: image.slice(host.length + 1) };
  };
};
