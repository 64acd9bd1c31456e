import * as z from 'zod';
import { ImageName, RegistryHost } from '../records/configuration/scalars.ts';
import { Source } from '../records/configuration/source.ts';
import type { WebhookAuthentication } from '../rules/webhook-authentication.ts';

/** Who may post at `/hooks/<name>`, and for which registries they speak. */
export interface WebhookSource {
  readonly name: string;
  readonly kind: Source['kind'];
  readonly authentication: WebhookAuthentication;
  /** Where its secret lies. */
  readonly secret: string;
  readonly registryHosts: readonly string[];
}

export interface WebhookSources {
  readonly find: (name: string) => WebhookSource | undefined;
  /** Does any target follow this image? */
  readonly isWatched: (image: string) => boolean;
}

/**
 * The part of `drydock.yaml` that the door reads. The schema of the whole brings the engine of the tag policies,
 * half as much code again, into the one function whose start a sender waits for.
 */
export const DoorConfiguration = z.object({
  registries: z.record(z.string(), z.object({ host: RegistryHost })),
  sources: z.record(z.string(), Source),
  deployment: z.object({ targets: z.record(z.string(), z.object({ image: ImageName })) }).optional(),
});
type DoorConfiguration = z.output<typeof DoorConfiguration>;
type Source = z.output<typeof Source>;

/** Takes from the configuration what the door asks of it. */
export const listWebhookSources = (configuration: DoorConfiguration): WebhookSources => {
  const sources = new Map(
    Object.entries(configuration.sources).map(([name, source]): [string, WebhookSource] => [
      name,
      {
        name,
        kind: source.kind,
        authentication: source.auth,
        secret: source.auth.secret,
        registryHosts: registriesOf(source, configuration).map(({ host }) => host),
      },
    ]),
  );
  const images = new Set(Object.values(configuration.deployment?.targets ?? {}).map(({ image }) => image));
  return { find: (name) => sources.get(name), isWatched: (image) => images.has(image) };
};

/** A registry speaks for itself; a CI job may speak for each of them. */
const registriesOf = (source: Source, { registries }: Pick<DoorConfiguration, 'registries'>) =>
  Object.entries(registries)
    .filter(([name]) => source.kind !== 'distribution' || source.registry === name)
    .map(([, registry]) => registry);
