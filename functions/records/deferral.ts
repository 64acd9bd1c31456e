import * as z from 'zod';
import { ImageEvent } from './image-event.ts';

/** An event whose image could not be confirmed yet: the sweep makes the next attempt. */
export const Deferral = z.object({
  version: z.literal(1),
  event: ImageEvent,
  /** Attempts made so far, each a `deployment` execution with its own retries. */
  attempts: z.int().positive(),
  /** Name of the execution that made the last attempt. */
  execution: z.string(),
  reason: z.string(),
  firstAt: z.iso.datetime(),
  nextAttemptAt: z.iso.datetime(),
});
export type Deferral = z.output<typeof Deferral>;

export const deferralKind = { name: 'deferred event', schema: Deferral };
export const DEFERRAL_PREFIX = 'deployment/deferred/';
/** One object an event, so that a second attempt that fails as well updates the first. */
export const deferralKey = (event: ImageEvent): string =>
  `${DEFERRAL_PREFIX}${encodeURIComponent(`${event.source}-${event.id}`)}.json`;
