import * as z from 'zod';
import { ImageEvent } from './image-event.ts';
import { UnreadableWebhook } from './unreadable-webhook.ts';

/** What the webhook door puts into its queue. */
export const DoorMessage = z.discriminatedUnion('kind', [ImageEvent, UnreadableWebhook]);
export type DoorMessage = z.output<typeof DoorMessage>;
