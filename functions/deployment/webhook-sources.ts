import type { Configuration, Source } from '../records/configuration.ts';
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

/** Takes from `drydock.yaml` what the door asks of it. */
export const listWebhookSources = (
  configuration: Pick<Configuration, 'sources' | 'registries' | 'deployment'>,
): WebhookSources => {
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
const registriesOf = (source: Source, { registries }: Pick<Configuration, 'registries'>) =>
  Object.entries(registries)
    .filter(([name]) => source.kind !== 'distribution' || source.registry === name)
    .map(([, registry]) => registry);
