import type { NamedTarget } from '../../records/configuration/lookup.ts';
import { findTargetsForImage } from '../../records/configuration/lookup.ts';
import { askDidYouMean } from '../../records/configuration/suggestion.ts';
import type { Configuration } from '../../records/configuration.ts';
import { type ImageReference, parseImageReference } from '../../records/image-reference.ts';

/** What a person asks about: a target, or an image with the targets that follow it. */
export type Subject =
  | { readonly kind: 'target'; readonly name: string; readonly target: NamedTarget | undefined }
  | {
      readonly kind: 'image';
      readonly name: string;
      /** With tag or digest only what concerns that one. */
      readonly reference: ImageReference;
      readonly targets: readonly NamedTarget[];
    };

/**
 * Reads what was asked for. A name with a slash is an image, as in a workload (`host/repository[:tag][@digest]`);
 * any other is a target, also one that drydock.yaml no longer has: its history stays.
 *
 * @param configuration undefined when there is no drydock.yaml to look at.
 */
export const findSubject = (
  asked: string,
  configuration: Configuration | undefined,
): Subject | { readonly mistake: string } => {
  if (!asked.includes('/')) {
    const target = configuration?.deployment?.targets[asked];
    return { kind: 'target', name: asked, target: target && { ...target, name: asked } };
  }
  const reference = parseImageReference(asked);
  if (!reference) {
    return { mistake: `${asked} is no name of an image; write <host>/<repository>[:<tag>][@<digest>].` };
  }
  const targets = configuration ? findTargetsForImage(configuration, reference.name) : [];
  return { kind: 'image', name: reference.name, reference, targets };
};

/** What is said of a name about which the ledger has nothing. */
export const explainUnknown = (
  asked: string,
  configuration: Configuration | undefined,
  since: Date,
): string => {
  const targets = configuration?.deployment?.targets ?? {};
  const known = [...Object.keys(targets), ...new Set(Object.values(targets).map(({ image }) => image))];
  const nothing = `The ledger has nothing about ${asked} since ${since.toISOString()}`;
  if (known.includes(asked)) return `${nothing}. Look further back with --since 90d.`;
  const list = known.length > 0 ? `; drydock.yaml knows ${known.join(', ')}` : '';
  return `${nothing}${list}${askDidYouMean(asked, known) || '.'}`;
};
