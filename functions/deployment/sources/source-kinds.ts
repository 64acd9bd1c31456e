import type { WebhookSource } from '../webhook-sources.ts';
import { readDistributionEvents } from './distribution.ts';
import { readNativeEvent } from './native.ts';
import type { SourceKind } from './source-kind.ts';

/** Every kind of sender that `drydock.yaml` can name. A new kind is a file beside these and a line here. */
export const sourceKinds: Readonly<Record<WebhookSource['kind'], SourceKind>> = {
  distribution: readDistributionEvents,
  native: readNativeEvent,
};
