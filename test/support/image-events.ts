import type { ImageEvent } from '../../functions/records/image-event.ts';
import { IMAGE } from './workload-builders.ts';

/** A push as the door hands it on; `undefined` takes a field away. */
export const buildEvent = (overrides: Partial<ImageEvent> = {}): ImageEvent => ({
  version: 1,
  id: 'event-1',
  source: 'gitlab',
  kind: 'push',
  image: IMAGE,
  tag: '1.1.0',
  receivedAt: '2026-03-01T11:00:00.000Z',
  ...overrides,
});
