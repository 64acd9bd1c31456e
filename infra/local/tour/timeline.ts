import type { ImageEvent } from '../../../functions/records/image-event.ts';
import type { Rollout } from '../../../functions/records/rollout.ts';

/** What is known of one image's way, each part written down by whoever did it. */
export interface Journey {
  /** When the registry took the manifest, as its own notification says. */
  readonly pushedAt: string;
  /** The event that the `deployment` execution was started with. */
  readonly event: Pick<ImageEvent, 'source' | 'receivedAt'>;
  /** Why it was deployed, as the target's history says. */
  readonly decision: { readonly at: string; readonly reason: string };
  readonly rollout: Rollout;
}

export interface Step {
  readonly at: string;
  readonly what: string;
  readonly particulars: string;
}

/** Puts an image's way into the order of time; what was not written down is left out, never guessed. */
export const describeJourney = ({ pushedAt, event, decision, rollout }: Journey): readonly Step[] => {
  const { order, patchedAt, rolledBackAt, endedAt, outcome, reasons } = rollout;
  const isSwept = event.source === 'sweep';
  const steps: { at: string | undefined; what: string; particulars: string }[] = [
    { at: pushedAt, what: 'pushed', particulars: `${order.tag}, ${shortDigest(order.digest)}` },
    {
      at: event.receivedAt,
      what: isSwept ? 'found' : 'notified',
      particulars: isSwept ? 'the sweep compared the tags with what runs' : 'the registry called the webhook',
    },
    { at: order.confirmedAt, what: 'verified', particulars: 'the registry confirms tag and digest' },
    { at: decision.at, what: 'decided', particulars: decision.reason },
    { at: patchedAt, what: 'patched', particulars: 'the API server took the image, pinned by its digest' },
    {
      at: rolledBackAt,
      what: 'turned back',
      particulars: `${reasons.join('; ')}, so ${shortImage(rollout.previousImage)} is set again`,
    },
    {
      at: endedAt,
      what: (outcome ?? 'ended').replaceAll('-', ' '),
      particulars: outcome === 'rolled-back' ? 'the image of before is healthy again' : reasons.join('; '),
    },
  ];
  return steps
    .flatMap(({ at, ...step }) => (at === undefined ? [] : [{ at, ...step }]))
    .toSorted((one, other) => Date.parse(one.at) - Date.parse(other.at));
};

/** Seconds since the first step: `0.00 s`. */
export const formatOffset = (from: string, at: string): string =>
  `${((Date.parse(at) - Date.parse(from)) / 1000).toFixed(2)} s`;

/** `sha256:` and the first twelve digits: enough to tell two apart by eye. */
export const shortDigest = (digest: string): string => digest.slice(0, 'sha256:'.length + 12);

/** An image as people say it: without the registry's host, the digest shortened. */
export const shortImage = (image: string): string => {
  const [named = '', digest] = image.slice(image.indexOf('/') + 1).split('@');
  return digest === undefined ? named : `${named}@${shortDigest(digest)}`;
};
